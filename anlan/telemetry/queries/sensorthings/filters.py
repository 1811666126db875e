"""$filter: read by odata-query; only the paths that a set offers can be named, nothing of the tables shows through."""

from collections.abc import Mapping

from django.db.models import Model, Q
from odata_query import ast
from odata_query.django.django_q import AstToDjangoQVisitor
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser
from odata_query.visitor import NodeTransformer

from anlan.telemetry.core.sensorthings.refusals import BadRequest


class _Paths(NodeTransformer):
    """Puts a table's path in the place of each name; refuses every other name."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        self.paths = paths

    def visit_Identifier(self, node: ast.Identifier) -> ast.Identifier:  # noqa: N802  named by the library
        return self._replaced(node.name)

    def visit_Attribute(self, node: ast.Attribute) -> ast.Identifier:  # noqa: N802  named by the library
        return self._replaced(_path(node))

    def visit_CollectionLambda(self, node: ast.CollectionLambda) -> ast.Identifier:  # noqa: N802  named by the library
        raise BadRequest("$filter takes no any and no all")

    def visit_Call(self, node: ast.Call) -> ast.Call:  # noqa: N802  named by the library
        # The function's own name is no path.
        return ast.Call(node.func, [self.visit(each) for each in node.args])

    def visit_DateTime(self, node: ast.DateTime) -> ast.DateTime:  # noqa: N802  named by the library
        if node.py_val.tzinfo is None:
            raise BadRequest("%(time)s is no time: an ISO 8601 text with its offset is expected", time=node.val)
        return node

    def _replaced(self, path: str) -> ast.Identifier:
        if path not in self.paths:
            raise BadRequest("$filter cannot ask for %(path)s", path=path)
        return ast.Identifier(self.paths[path])


def _path(node: ast._Node) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_path(node.owner)}/{node.attr}"
    return str(getattr(node, "name", ""))


def condition_of(text: str, model: type[Model], paths: Mapping[str, str]) -> Q:
    """Return the condition that an OData expression states of a table's rows.

    Raises:
        BadRequest: it cannot be read, or names what is not offered.
    """
    try:
        tree = ODataParser().parse(ODataLexer().tokenize(text.replace("@iot.id", "id")))
        found = AstToDjangoQVisitor(model).visit(_Paths(paths).visit(tree))
    except (ODataException, ValueError, TypeError, AttributeError, NotImplementedError, RecursionError) as fault:
        raise BadRequest("$filter cannot be read: %(text)s", text=text[:200]) from fault
    if not isinstance(found, Q):
        raise BadRequest("$filter cannot be read: %(text)s", text=text[:200])
    return found
