"""What makes a sheet a table of orders, a list of people ...: what fields weigh, what cannot be missing."""

from __future__ import annotations

#: what a field says about the kind of table it stands in; fields not named here count ``USUAL``
USUAL = 0.5
WEIGHTS: dict[str, dict[str, float]] = {
    "orders": {
        "order_id": 2,
        "date": 2,
        "amount": 2,
        "quantity": 1.5,
        "price": 1,
        "line": 1,
        "product_id": 1,
        "product": 1,
        "discount": 0.7,
        "cost": 0.7,
        "profit": 0.7,
        "credit_share": 1,
        "new_customer": 1,
    },
    "opportunities": {
        "opportunity_id": 3,
        "stage": 3,
        "status": 1.5,
        "won": 1.5,
        "lost": 1,
        "finished": 1,
        "probability": 2,
        "created": 1,
        "closed": 1.5,
        "amount": 1,
    },
    "people": {
        "person_id": 1.5,
        "name": 1.5,
        "role": 1.5,
        "hire_date": 2.5,
        "leave_date": 2.5,
        "manager_id": 2,
        "team": 1,
        "department": 1,
    },
    "membership": {
        "from_team": 3,
        "from_department": 3,
        "valid_from": 2,
        "valid_to": 2,
        "team": 1,
        "department": 1,
        "person_id": 1,
        "person": 1,
    },
    "products": {"product_id": 1.5, "product": 1.5, "product_line": 1, "list_price": 2, "unit_cost": 2},
    "accounts": {"account_id": 1.5, "name": 1.5, "segment": 1.5, "potential": 3, "region": 0.7},
    "activities": {"date": 1, "type": 2, "count": 1.5, "person": 1, "person_id": 1},
    "market": {"month": 1, "level": 2, "growth": 2.5},
    "goals": {"goal": 4, "period_start": 1.5, "year": 1, "version": 1},
    "returns": {"order_id": 1, "returned": 3},
}
#: what each table cannot do without: of every group one set must be there
NEEDS: dict[str, list[tuple[str, list[set[str]]]]] = {
    "orders": [("date", [{"date"}]), ("amount", [{"amount"}, {"quantity", "price"}])],
    "opportunities": [
        ("stage", [{"stage"}, {"status"}, {"won"}]),
        ("date", [{"created"}, {"closed"}, {"opportunity_id"}]),
    ],
    "people": [
        ("person", [{"person_id"}, {"name"}]),
        (
            "team",
            [
                {"role"},
                {"hire_date"},
                {"manager_id"},
                {"team"},
                {"department"},
                {"region"},
                {"person_id", "name"},
            ],
        ),
    ],
    "membership": [
        ("person", [{"person_id"}, {"person"}]),
        ("team", [{"team"}, {"department"}]),
        ("date", [{"valid_from"}]),
    ],
    "products": [
        ("product", [{"product_id"}, {"product"}]),
        ("product_line", [{"product_line"}, {"list_price"}, {"unit_cost"}, {"product_id", "product"}]),
    ],
    "accounts": [
        ("account", [{"account_id"}, {"name"}]),
        (
            "segment",
            [{"segment"}, {"region"}, {"potential"}, {"person_id"}, {"person"}, {"account_id", "name"}],
        ),
    ],
    "activities": [
        ("person", [{"person_id"}, {"person"}]),
        ("date", [{"date"}]),
        ("type", [{"type"}, {"count"}, {"counts"}]),
    ],
    "market": [("date", [{"month"}]), ("growth", [{"growth"}, {"level"}])],
    "goals": [("goal", [{"goal"}, {"months"}]), ("date", [{"period_start"}, {"year"}, {"months"}])],
    "returns": [("order", [{"order_id"}]), ("returned", [{"returned"}])],
}
#: tables that list each thing once: their key must be (nearly) unique
LISTS = {"people": ("person_id", "name"), "products": ("product_id", "product"),
         "accounts": ("account_id", "name")}
