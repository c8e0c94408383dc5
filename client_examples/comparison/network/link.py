"""Links that have a name."""

from client_examples.comparison.results.links import Link

__all__ = ["PROFILES", "Link"]

# slow-4g: Lighthouse, core/config/constants.js, `mobileSlow4G` without its factors for DevTools.
# The others: WebPageTest, www/settings/connectivity.ini.sample (its 3GSlow is slow-3g).
PROFILES = {
    link.name: link
    for link in (
        Link(150, 1.6, 0.75, "slow-4g"),
        Link(300, 1.6, 0.768, "3g"),
        Link(400, 0.4, 0.4, "slow-3g"),
        Link(170, 9, 9, "4g"),
        Link(70, 12, 12, "lte"),
        Link(50, 1.5, 0.384, "dsl"),
        Link(28, 5, 1, "cable"),
    )
}
