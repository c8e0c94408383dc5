"""Screens of the help desk, as a user would write them."""

from tests.comparison.own_apis.help_desk import PASSWORD

LOGIN = f"""
def login(api: SessionApi) -> None:
    token = api.post("/login", {{"password": "{PASSWORD}"}})["data"]["token"]
    api.headers["Authorization"] = f"Bearer {{token}}"
"""
TEAM = '''
page = Screen("team", "a team's tickets with their agents")
QUERY = "query($id: ID!) { team(id: $id) { name tickets { id subject agent { name } } } }"


def shown(name, tickets):
    return {"team": name, "tickets": tickets}


@page.rest("textbook")
def textbook(api):
    """Page by page, then each ticket's agent."""
    name = api.get("/teams/3")["data"]["name"]
    found, cursor = [], "0"
    while cursor is not None:
        answer = api.get("/teams/3/tickets", cursor=cursor)
        found, cursor = [*found, *answer["data"]], answer["meta"].get("next")
    agents = {number: api.get(f"/agents/{number}")["data"]["name"]
              for number in sorted({one["agent"] for one in found})}
    return shown(name, [{"id": one["id"], "subject": one["subject"], "agent": agents[one["agent"]]}
                        for one in found])


@page.graphql("get", method="GET")
@page.graphql("one-query")
def one_query(api):
    """One query."""
    team = api.query(QUERY, id="3")["team"]
    return shown(team["name"], [
        {"id": int(one["id"]), "subject": one["subject"], "agent": one["agent"]["name"]}
        for one in team["tickets"]
    ])
'''


def arms_of(found, screen=0):
    return {arm["name"]: arm for arm in found["screens"][screen]["arms"]}
