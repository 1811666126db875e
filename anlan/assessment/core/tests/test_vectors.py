"""The published examples as they stand in the folder of real data; the same facts retyped stand in the other tests."""

import json

import numpy as np
import pytest

from anlan.assessment.core.ahp import AhpMethod, ahp_weights
from anlan.assessment.core.coupling import adjusted_coupling_coordination, coupling_coordination
from anlan.assessment.core.entropy import entropy_weights
from anlan.assessment.core.normalisation import min_max
from anlan.assessment.core.obstacles import losses_of, obstacles_of
from anlan.assessment.core.topsis import Scaling, topsis

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def methods(shared):
    return json.loads((shared / "vectors.json").read_text(encoding="utf-8"))["methods"]


def test_ahp(methods):
    tour, geometric = methods["ahp_tour"], methods["ahp_geometric"]

    found = ahp_weights(tour["A"])
    assert found.weights == pytest.approx(tour["w"], abs=1e-8)
    assert found.lambda_max == pytest.approx(tour["lambda_max"], abs=1e-6)
    assert found.consistency_ratio == pytest.approx(tour["CR"], abs=1e-8)
    means = ahp_weights(geometric["A"], AhpMethod.GEOMETRIC)
    assert means.weights == pytest.approx(geometric["w_geometric_mean"], abs=6e-5)
    assert ahp_weights(geometric["A"]).weights == pytest.approx(geometric["w_eigen_computed"], abs=6e-5)


def test_topsis(methods):
    coal, phone = methods["topsis_coal"], methods["topsis_phone"]

    mines = 1 / np.array(coal["X"])
    assert mines / np.sqrt((mines**2).sum(axis=0)) == pytest.approx(np.array(coal["Z_published"]), abs=2e-4)
    found = topsis(mines, np.ones(3), np.zeros(3, dtype=bool))
    assert found.closeness == pytest.approx(coal["C_computed"], abs=6e-5)
    values, weights, costs = np.array(phone["M"]), np.array(phone["w"]), np.array(phone["types"]) < 0
    for scaling, name in ((Scaling.MIN_MAX, "C_minmax_computed"), (Scaling.VECTOR, "C_vector_computed")):
        assert topsis(values, weights, costs, scaling).closeness == pytest.approx(phone[name], abs=6e-5)


def test_entropy(methods):
    hospital = methods["entropy_hospital"]
    values = np.array(hospital["X"])

    found = entropy_weights(min_max(values, np.zeros(9, dtype=bool)))

    assert found.entropies == pytest.approx(hospital["E"], abs=6e-5)
    assert found.weights == pytest.approx(hospital["w"], abs=6e-5)
    assert values @ found.weights == pytest.approx(hospital["score_X_dot_w"], abs=6e-3)


def test_coupling(methods):
    published = methods["coupling"]
    scores = np.array(published["u"])

    standard = coupling_coordination(scores, np.full(3, 1 / 3))
    adjusted = adjusted_coupling_coordination(scores, np.array([0.4, 0.3, 0.3]))

    for found, name in ((standard, "standard_equal"), (adjusted, "adjusted_w_0.4_0.3_0.3")):
        assert found.coupling == pytest.approx(published[name]["C"], abs=6e-4)
        assert found.level == pytest.approx(published[name]["T"], abs=6e-4)
        assert found.coordination == pytest.approx(published[name]["D"], abs=6e-4)


def test_obstacles(methods):
    published, scores = methods["obstacle"], np.array(methods["coupling"]["u"])
    example = published["normalised_example_computed"]

    assert losses_of(scores, np.array(published["w"])) == pytest.approx(np.array(published["unnormalised"]), abs=6e-4)
    shares = obstacles_of(losses_of(np.array([example["x"]]), np.array(example["w"])))
    assert shares[0] == pytest.approx(example["O"])
