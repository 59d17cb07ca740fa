"""Set sales goals that add up, with their chance of being reached: from exports to reports, step by step.

The names below are in the order of the work. Each is loaded on first use, so that importing the
package is fast::

    import salesgoals as sg
    workspace = sg.open_workspace("my-client")
    forecast, board = sg.estimate(workspace)
    sg.chance(forecast, 120_000_000)
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {
    "salesgoals.words": ["use_language", "language", "say"],
    "salesgoals.problems": ["Problem", "SalesgoalsError"],
    "salesgoals.workspace": ["new_workspace", "open_workspace"],
    "salesgoals.sample": ["sample_workspace", "practice_workspace"],
    "salesgoals.own_files": ["workspace_of"],
    "salesgoals.sources.read": ["read_file"],
    "salesgoals.collect": ["collect_folder", "save_collected", "show_mapping"],
    "salesgoals.history": ["monthly_sales", "team_sales", "roster", "as_known_on"],
    "salesgoals.market": ["growth_against_market", "benchmarks", "market_disagreements", "price_volume_mix",
                          "margin_course", "margin_causes", "below_cost", "customer_shares", "concentration",
                          "customer_changes", "seasons", "season_indices", "strengths_and_weaknesses"],
    "salesgoals.ledger": ["open_ledger", "rows_of_plan"],
    "salesgoals.forecast": ["forecast_sales"],
    "salesgoals.forecasting.ramp_fit": ["fit_ramp", "ramp_share"],
    "salesgoals.team": ["describe_people", "compare_with_peers", "progress_of_newcomers",
                        "months_of_newcomers", "ramp_cohorts", "plan_capacity", "capability_and_potential",
                        "sales_at_risk", "gaps_of_team"],
    "salesgoals.goal": ["estimate_board", "chance", "chance_of_people", "totals_at", "attainment",
                        "attainment_summary", "equal_chance_goals"],
    "salesgoals.decompose": ["plan_goals", "compare_methods", "verify_plan"],
    "salesgoals.metrics": ["measure_metrics", "explain_metrics", "plan_metrics", "plan_milestones",
                           "read_milestones"],
    "salesgoals.smart": ["check_goals", "check_past_goals", "goals_of_year"],
    "salesgoals.levels": ["set_levels", "add_levels", "unit_levels"],
    "salesgoals.incentives": ["read_pay_plan", "open_pay_plan", "example_pay_plan", "write_example_plan",
                              "pay_terms", "pay", "pay_at", "pay_totals", "results_of_records",
                              "cost_of_plan", "find_flaws", "compare_pay", "change_curves", "explain_pay"],
    "salesgoals.tools": ["score_tools", "sensitivity", "article_scores", "example_scores", "checklist",
                         "cost_of_tools", "read_scores"],
    "salesgoals.periods": ["read_period", "list_periods"],
    "salesgoals.in_force": ["goals_in_force"],
    "salesgoals.process": ["pace_board", "pace_course", "alarm_quality", "kpi_alarms", "sum_up_charts",
                           "name_reasons", "watch_period"],
    "salesgoals.kpi_goals": ["own_rates", "set_kpi_goals", "weekly_milestones", "missing_levels"],
    "salesgoals.follow_up": ["pipeline_coverage", "open_deals", "neglected_customers", "doubly_worked",
                             "follow_up_rate", "data_lag"],
    "salesgoals.meetings": ["success_stories", "contest", "agenda", "read_pulse", "pulse_trend"],
    "salesgoals.plans": ["estimate", "make_plan", "save_plan", "load_plan", "last_twelve_months"],
    "salesgoals.review": ["judge_fairness", "judge_past_goals", "top_down_against_bottom_up"],
    "salesgoals.hedge": ["add_hedge", "effect_of_hedge"],
    "salesgoals.claiming.rules": ["gonik", "joint_base", "Gonik", "JointBase", "Menu"],
    "salesgoals.claiming.worth": ["expected_pay", "best_claim", "compare_claims"],
    "salesgoals.claiming.menus": ["make_menu", "check_menu", "make_rules"],
    "salesgoals.claiming.practice": ["practice_claims", "middle_person"],
    "salesgoals.claims": ["claim_goal", "record_claims", "withdraw_claim", "read_claim_sheets", "claim_board",
                          "claim_gap"],
    "salesgoals.agreement": ["agree"],
    "salesgoals.payroll": ["apply_pay_plan", "practice_pay"],
    "salesgoals.adjusting.practice": ["practice_proposal", "practice_year", "largest_seller"],
    "salesgoals.adjust": ["propose_adjustment", "approve_adjustment", "undo_adjustment", "list_changes",
                          "Join", "Leave", "MovePerson", "MoveCustomers", "MarketShock", "OutOfReach",
                          "Wish"],
    "salesgoals.cycle": ["starting_values", "open_session", "save_session", "load_session",
                         "read_session_sheet", "open_actions", "action_log", "learnt_from", "two_cycles",
                         "Action", "Decision"],
    "salesgoals.control": ["judge_control", "control_evidence"],
    "salesgoals.retro": ["gap_report", "rank_gap", "goal_or_work", "kpi_review", "grade_forecast",
                         "sum_up_forecast", "line_changes", "people_changes", "market_beside",
                         "ratchet_check", "gaming_check", "claims_on_record"],
    "salesgoals.simulate": ["Team", "TeamPolicy", "model_parameters", "simulate_teams", "outcome_table",
                            "explain_change", "level_curve", "play_years"],
    "salesgoals.readers": ["open_report", "report_names"],
    "salesgoals.allocation.limits": ["parse_limit"],
    "salesgoals.lessons": ["count_tables", "attainment_by_year", "list_assumptions", "chances_by_method",
                           "summarise_chances", "growth_on_last_year", "newest_person", "read_export",
                           "spelling_twins", "add_aliases"],
    "salesgoals.practice": ["practice_day", "practice_goals", "working_day_before", "period_to_review"],
    "salesgoals.exercises": ["check"],
    "salesgoals.show.render": ["use_charts"],
    "salesgoals.show.needs": ["lesson_needs_sales"],
    "salesgoals.show.readable": ["readable", "say_chance"],
    "salesgoals.show.numbers": ["format_money", "format_exact", "format_growth", "format_chance"],
    "salesgoals.show.charts_lessons": ["chart_sales"],
    "salesgoals.show.charts_market": ["chart_growth_parts", "chart_bridge"],
    "salesgoals.show.charts_margins": ["chart_margins"],
    "salesgoals.show.charts_customers": ["chart_customers"],
    "salesgoals.show.market_parts": ["show_market", "say_findings"],
    "salesgoals.show.widgets_market": ["choose_market"],
    "salesgoals.show.charts": ["chart_quality", "chart_history", "chart_chance", "chart_people",
                               "chart_products", "chart_methods", "chart_fairness"],
    "salesgoals.show.sheets": ["write_claim_sheets"],
    "salesgoals.show.session_sheets": ["write_session_sheet"],
    "salesgoals.show.sop_files": ["write_sop"],
    "salesgoals.show.claims_parts": ["claims_table", "gap_table", "rules_table"],
    "salesgoals.show.charts_claims": ["chart_claim_worth", "chart_claim_pay"],
    "salesgoals.show.widgets_claims": ["claiming_session", "claim_simulator"],
    "salesgoals.show.review_parts": ["show_fairness", "show_past_fairness", "show_hedge"],
    "salesgoals.show.charts_review": ["chart_load", "chart_groups", "chart_gap", "chart_hedge"],
    "salesgoals.show.widgets_review": ["slide_hedge"],
    "salesgoals.hindsight.explanations": ["fell_furthest", "compare_explanations"],
    "salesgoals.looping.two_cycles": ["with_the_one_before"],
    "salesgoals.show.retro_parts": ["show_gap", "show_ways"],
    "salesgoals.show.retro_findings": ["show_verdicts", "show_kpi_review", "show_forecast_grade"],
    "salesgoals.show.retro_sections": ["show_rules"],
    "salesgoals.show.charts_retro": ["chart_causes", "chart_goal_or_work", "chart_forecast_grade"],
    "salesgoals.show.session_parts": ["show_session", "show_starting_values", "show_two_cycles"],
    "salesgoals.show.widgets_retro": ["chart_gap_steps", "choose_gap", "retro_session"],
    "salesgoals.show.charts_levels": ["chart_levels"],
    "salesgoals.show.charts_metrics": ["chart_metrics"],
    "salesgoals.show.smart_parts": ["readable_findings"],
    "salesgoals.show.goal_parts": ["readable_metrics", "readable_levels", "readable_milestones"],
    "salesgoals.show.charts_team": ["chart_peers", "chart_newcomers", "chart_risk"],
    "salesgoals.show.charts_potential": ["chart_capability", "chart_ramp", "chart_capacity"],
    "salesgoals.show.team_parts": ["show_people", "show_peers", "show_windfalls", "show_newcomers",
                                   "show_risk", "show_gaps"],
    "salesgoals.show.widgets_team": ["choose_person"],
    "salesgoals.show.adjust_parts": ["show_standing", "show_adjustment", "compare_events", "show_changes"],
    "salesgoals.show.charts_adjust": ["chart_absorbers", "chart_chances_change"],
    "salesgoals.show.widgets_adjust": ["adjust_desk"],
    "salesgoals.show.widgets": ["slide_total", "choose_method"],
    "salesgoals.show.ledger_parts": ["ledger_history", "ledger_diff"],
    "salesgoals.show.charts_incentives": ["chart_pay_curve", "chart_pay_cost", "chart_pay_gain"],
    "salesgoals.show.incentives_parts": ["show_pay_page", "show_statement", "show_pay_cost", "show_flaws"],
    "salesgoals.show.widgets_incentives": ["pay_slider", "plan_slider"],
    "salesgoals.show.control_parts": ["show_control"],
    "salesgoals.show.tool_sheets": ["write_score_sheet"],
    "salesgoals.show.tools_parts": ["show_ranking", "show_firmness", "show_raters", "show_costs",
                                    "show_article", "show_checklist"],
    "salesgoals.show.charts_tools": ["chart_ranking", "chart_wins", "chart_flip"],
    "salesgoals.show.widgets_tools": ["weigh_tools"],
    "salesgoals.show.charts_process": ["chart_pace", "chart_board"],
    "salesgoals.show.charts_alarms": ["chart_kpi", "chart_alarm_rules"],
    "salesgoals.show.charts_kpi_goals": ["chart_kpi_goals", "chart_milestones"],
    "salesgoals.show.charts_follow_up": ["chart_coverage", "chart_neglected"],
    "salesgoals.show.charts_meetings": ["chart_contest", "chart_pulse"],
    "salesgoals.show.process_parts": ["show_linear", "show_board", "show_alarm_quality"],
    "salesgoals.show.watch_parts": ["show_kpi_alarms", "clearest_chart", "show_reasons"],
    "salesgoals.show.coaching_parts": ["show_kpi_goals", "show_person_goals", "show_milestones"],
    "salesgoals.show.follow_up_parts": ["show_coverage", "show_deals", "show_neglected",
                                        "show_doubly_worked", "show_lag"],
    "salesgoals.show.meeting_parts": ["show_stories", "show_contest"],
    "salesgoals.show.meeting_sheets": ["show_agenda", "write_agenda_sheet", "write_pulse_form"],
    "salesgoals.show.widgets_process": ["slide_day", "choose_rule", "choose_kpi_person"],
    "salesgoals.show.versions": ["versions"],
    "salesgoals.run.parameters": ["refuse_unknown_parameters"],
    "salesgoals.run.reports": ["make_reports"],
}
_HOMES = {name: module for module, names in _PLACES.items() for name in names}
__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    if name in ("show", "run"):
        return import_module(f"salesgoals.{name}")
    raise AttributeError(f"module 'salesgoals' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
