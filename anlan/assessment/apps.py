from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "anlan.assessment"
    label = "assessment"

    def ready(self) -> None:
        from anlan.accounts.core.modules import MODULES, SwitchableModule
        from anlan.assessment import home, panels
        from anlan.assessment.map_layers import SCORES
        from anlan.kernel.refusal import mark
        from anlan.places.core.layers import LAYERS
        from anlan.records.core.panels import PANELS
        from anlan.web.home import HOME_CARDS, HomeCard
        from anlan.web.navigation import NAVIGATION, Area, NavigationEntry

        PANELS.register(*panels.PANELS_OF_ASSESSMENT)
        LAYERS.register(*SCORES)
        HOME_CARDS.register(HomeCard("survey", "assessment/home_card.html", home.survey_card, order=15))
        MODULES.register(
            SwitchableModule(
                "survey",
                mark("Survey and assessment"),
                mark("Survey rounds, scores, reports and the needs list"),
                ("/survey/", "/openrosa/", "/systems/", "/assessments/", "/reports/"),
                order=20,
            )
        )
        NAVIGATION.register(
            NavigationEntry(
                mark("Survey rounds"), "rounds", "clipboard-list", Area.SURVEY, 10, "survey.read", "survey"
            ),
            NavigationEntry(
                mark("Results"), "assessments", "chart-radar", Area.SURVEY, 20, "assessment.read", "survey"
            ),
            NavigationEntry(
                mark("Indicator systems"), "systems", "list-tree", Area.SURVEY, 30, "system.edit", "survey"
            ),
        )
