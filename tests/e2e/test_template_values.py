# SPDX-License-Identifier: Apache-2.0
"""What the shipped templates make of an account, computed once more here from its features: weights, scales, steps, fifths and
edges are written down from the catalogue, not read from the templates."""
import bisect
import collections

import strata_cli
from strata_cli import CliTest

TODAY = ("--today", "2026-06-30")
TEXTS = ("industry", "region", "plan", "use_case")
COLUMNS = ("id,arr,is_customer,adoption,active_users_7d,seats,active_days_30d,tickets_90d,nps_last,priority,priority_tier,health_score,"
           "usage_trend_90d,tickets_high_90d,last_touch,last_seen,r_score,f_score,m_score,r_quantile,f_quantile,rfm_band,rfm_band_quantile,"
           "rfm_segment,industry,by_industry,region,by_region,plan,by_plan,use_case,by_use_case,employees,size,health,tenure,lifecycle,"
           "health_band,risk,open_expansions,arr_growth_12m")


def number(a, name):
    return float(a[name]) if a[name] != "" else None


def scaled(x, points):
    """Straight lines between the points, flat outside."""
    if x <= points[0][0]:
        return points[0][1]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x <= x1:
            return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
    return points[-1][1]


def score(factors, least):
    """Factors without a value give their weight to the others; None with less than `least` of the weight known."""
    known = [(weight, scaled(x, points)) for x, weight, points in factors if x is not None]
    weight = sum(w for w, _ in known)
    return sum(w * y for w, y in known) / weight if weight >= least - 1e-12 else None


def priority(a):
    users, seats = number(a, "active_users_7d"), number(a, "seats")
    return score([
        (number(a, "adoption"), 0.30, [(0, 0), (0.4, 50), (0.8, 100)]),
        (users / seats if users is not None and seats else None, 0.25, [(0, 0), (0.4, 60), (0.8, 100)]),
        (number(a, "active_days_30d"), 0.20, [(0, 0), (4, 50), (20, 100)]),
        (number(a, "tickets_90d"), 0.15, [(0, 40), (2, 100), (4, 100), (15, 0)]),
        (number(a, "nps_last"), 0.10, [(0, 0), (6, 40), (8, 80), (10, 100)])], 0.5)


def health_score(a):
    return score([
        (number(a, "adoption"), 0.30, [(0, 0), (0.3, 40), (0.7, 85), (1, 100)]),
        (number(a, "active_days_30d"), 0.20, [(0, 0), (4, 50), (20, 100)]),
        (number(a, "usage_trend_90d"), 0.15, [(-0.5, 0), (0, 70), (0.2, 100)]),
        (number(a, "nps_last"), 0.15, [(0, 0), (6, 40), (8, 80), (10, 100)]),
        (number(a, "tickets_high_90d"), 0.10, [(0, 100), (2, 50), (5, 0)]),
        (number(a, "last_touch"), 0.10, [(14, 100), (60, 60), (180, 0)])], 0.4)


def band(x, bands):
    return next(name for name, edge in bands if x >= edge) if x is not None else None


def recency(days):
    return 1 if days is None else next((s for most, s in ((7, 5), (30, 4), (60, 3), (90, 2)) if days <= most), 1)


def frequency(days):
    return 1 if days is None else next((s for most, s in ((1, 1), (3, 2), (11, 3), (19, 4)) if days <= most), 5)


def fifths(values, reverse=False):
    """Score of each known value: rank r of n scores floor(5 (r - 1) / n) + 1, equal values all the lowest of theirs."""
    known = sorted(v for v in values if v is not None)
    n = len(known)

    def one(x):
        if x is None:
            return 1
        if reverse:
            return 5 - (bisect.bisect_right(known, x) - 1) * 5 // n
        return bisect.bisect_left(known, x) * 5 // n + 1
    return [one(v) for v in values]


GRID = {5: {5: "Champions", 4: "Champions", 3: "Potential loyalists", 2: "Potential loyalists", 1: "New customers"},
        4: {5: "Loyal", 4: "Loyal", 3: "Potential loyalists", 2: "Potential loyalists", 1: "Promising"},
        3: {5: "Loyal", 4: "Loyal", 3: "Need attention", 2: "About to sleep", 1: "About to sleep"},
        2: {5: "Cannot lose them", 4: "At risk", 3: "At risk", 2: "Hibernating", 1: "Hibernating"},
        1: {5: "Cannot lose them", 4: "At risk", 3: "At risk", 2: "Lost", 1: "Lost"}}
RFM_BANDS = (("VIP", 13), ("Solid", 10), ("At-risk", 7), ("Likely to churn", 3))


def stage(a, growth, mature, between):
    tenure, health = number(a, "tenure"), number(a, "health")
    if health is not None and health < 60:
        return "At-risk"
    if tenure is None or tenure <= 90:
        return "Onboarding"
    if tenure <= growth:
        return "Growth"
    if tenure <= mature:
        return "Mature"
    return between if between and tenure < 5 * 365.25 else "Late stage"


class TemplateValues(CliTest):
    @classmethod
    def prepare(cls):
        test = cls()
        test.strata("synth", "p", "--accounts", "400", "--seed", "7")
        accounts = cls.folder / "p" / "accounts.csv"
        lines = accounts.read_text().splitlines()
        at = lines[0].split(",").index("use_case")
        for place, use in ((30, "archiving"), (45, "")):  # few of them, and some that say nothing
            for i in range(place, len(lines), 60):
                lines[i] = ",".join(use if k == at else cell for k, cell in enumerate(lines[i].split(",")))
        accounts.write_text("\n".join(lines) + "\n")
        model = cls.folder / "p" / "strata.yaml"
        text = model.read_text()
        model.write_text(text.replace("extends: hybrid", "extends: [hybrid, rfm, usage-value, firmographic]\nprimary: segment"))
        test.strata("ingest", *TODAY, project="p")
        cls.accounts = [a for a in test.rows("accounts", *TODAY, "--all", "--columns", COLUMNS, project="p")
                        if a["is_customer"] == "true"]
        cls.long = {a["id"]: a["lifecycle"] for a in cls.with_model(test, text.replace("extends: hybrid", "extends: hybrid-long"))}
        model.write_text(text.replace("extends: hybrid", "extends: [hybrid, rfm, usage-value, firmographic]\nprimary: segment"))

    @classmethod
    def with_model(cls, test, text):
        (cls.folder / "p" / "strata.yaml").write_text(text)
        return test.rows("accounts", *TODAY, "--columns", "id,lifecycle", project="p")

    def same(self, name, expected):
        """Account by account, then segment by segment against the table."""
        found = collections.Counter()
        for a in self.accounts:
            self.assertEqual(a[name], expected(a), (name, a))
            found[a[name]] += 1
        table = {r["segment"]: int(r["accounts"]) for r in self.rows("segments", name, *TODAY, project="p")}
        self.assertEqual({k: n for k, n in table.items() if n}, dict(found))
        return found

    def test_the_five_weighted_factors_make_the_priority_score_and_its_tiers(self):
        known = 0
        for a in self.accounts:
            expected = priority(a)
            self.assertEqual(a["priority"] == "", expected is None, a)
            if expected is not None:
                self.assertAlmostEqual(float(a["priority"]), expected, places=9)
                known += 1
        self.assertGreater(known, 200)
        tiers = self.same("priority_tier", lambda a: band(priority(a), (("High", 75), ("Medium", 50), ("Low", 25), ("Minimal", 0))))
        self.assertEqual(len(tiers), 4)

    def test_the_six_components_make_the_health_score(self):
        lacking = 0
        for a in self.accounts:
            expected = health_score(a)
            self.assertEqual(a["health_score"] == "", expected is None, a)
            if expected is not None:
                self.assertAlmostEqual(float(a["health_score"]), expected, places=9)
            lacking += any(a[f] == "" for f in ("nps_last", "last_touch", "usage_trend_90d"))
        self.assertGreater(lacking, 20)  # redistribution is tried

    def test_health_bands_and_risk_classes_have_the_edges_of_the_catalogue(self):
        self.same("health_band", lambda a: band(number(a, "health"), (("Green", 80), ("Yellow", 60), ("Red", 0))))

        def risk(a):
            health, growth, nps = number(a, "health"), number(a, "arr_growth_12m"), number(a, "nps_last")
            if health is None or health < 80:
                return "Health unknown" if health is None else "Critical" if health < 60 else "At-risk"
            expanding = (growth is not None and growth > 0.05) or (number(a, "open_expansions") or 0) > 0
            if nps is not None and nps >= 8 and expanding:
                return "Champions"
            return "Stable" if growth is None or growth >= -0.05 else "Green but shrinking"
        self.assertGreaterEqual(len(self.same("risk", risk)), 4)

    def test_rfm_with_fixed_steps(self):
        money = dict(zip((a["id"] for a in self.accounts), fifths([number(a, "arr") for a in self.accounts])))
        for a in self.accounts:
            self.assertEqual((float(a["r_score"]), float(a["f_score"]), float(a["m_score"])),
                             (recency(number(a, "last_seen")), frequency(number(a, "active_days_30d")), money[a["id"]]), a)
        bands = self.same("rfm_band", lambda a: band(sum(float(a[s]) for s in ("r_score", "f_score", "m_score")), RFM_BANDS))
        self.assertEqual(len(bands), 4)
        self.assertGreaterEqual(len(self.same("rfm_segment", lambda a: GRID[int(float(a["r_score"]))][int(float(a["f_score"]))])), 6)

    def test_rfm_by_fifths(self):
        r = fifths([number(a, "last_seen") for a in self.accounts], reverse=True)
        f = fifths([number(a, "active_days_30d") for a in self.accounts])
        for a, x, y in zip(self.accounts, r, f):
            self.assertEqual((float(a["r_quantile"]), float(a["f_quantile"])), (x, y), a)
        self.same("rfm_band_quantile", lambda a: band(sum(float(a[s]) for s in ("r_quantile", "f_quantile", "m_score")), RFM_BANDS))

    def test_firmographic_segments_put_small_texts_under_other(self):
        others = 0
        for name in TEXTS:
            count = collections.Counter(a[name] for a in self.accounts if a[name])
            small = {t for t, n in count.items() if n < 0.03 * len(self.accounts)}
            found = self.same("by_" + name, lambda a, name=name, small=small: "Other" if a[name] in small else a[name] or "Unknown")
            others += found["Other"]
        self.assertGreater(others, 0)
        sizes = self.same("size", lambda a: band(number(a, "employees"), (("Enterprise", 1000), ("Mid-market", 200), ("Small", 20), ("Micro", 0))) or "Unknown")
        self.assertGreaterEqual(len(sizes), 4)

    def test_both_scales_of_the_lifecycle(self):
        self.assertEqual(len(self.same("lifecycle", lambda a: stage(a, 365, 3 * 365.25, "Established"))), 6)
        long = {a["id"]: stage(a, 2 * 365.25, 5 * 365.25 - 1e-9, None) for a in self.accounts}
        self.assertEqual(self.long, long)
        self.assertEqual(set(long.values()), {"At-risk", "Onboarding", "Growth", "Mature", "Late stage"})


if __name__ == "__main__":
    strata_cli.main()
