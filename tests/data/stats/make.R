# SPDX-License-Identifier: Apache-2.0
# Reference values of tests/unit/stats: R 4.2.2 with the recommended package survival
# (Debian 12: r-base-core, r-cran-survival).
#   Rscript tests/data/stats/make.R
options(digits = 17)
print(p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.2, 0.03), "holm"))
x <- c(9, 1, 5, 3, 7, 20)
print(quantile(x, c(0, .1, .25, .5, .75, .9, 1), names = FALSE))
print(wilcox.test(c(3.1, 4.7, 4.7, 5.0, 8.8, 9.9, 2.0), c(1.0, 2.0, 2.5, 3.1, 4.7, 0.5, 1.5, 2.2), exact = FALSE)$p.value)
gini <- function(x) { x <- sort(x); n <- length(x); sum((2 * seq_len(n) - n - 1) * x) / (n * sum(x)) }
print(gini(c(541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261))) # the example of ineq::Gini
if (requireNamespace("survival", quietly = TRUE)) {
  library(survival)
  print(survdiff(Surv(futime, fustat) ~ rx, data = ovarian)$chisq)
  cat(paste(ovarian$futime, collapse = ", "), "\n", paste(ovarian$fustat, collapse = ", "), "\n",
      paste(ovarian$rx, collapse = ", "), "\n", paste(ovarian$ecog.ps + 2 * (ovarian$resid.ds - 1) - 1, collapse = ", "), "\n")
  print(survdiff(Surv(futime, fustat) ~ I(ecog.ps + 2 * (resid.ds - 1) - 1), data = ovarian)$chisq)
}
for (n in c(6, 11, 100, 1001)) {
  k <- max(which(pbinom(seq_len(n) - 1, n, .5) <= .025))
  cat(n, k, "\n")
}

# Trends
show_test <- function(what, r) cat(sprintf("%s %.17g %.17g %.17g\n", what, r$statistic, r$p.value, if (is.null(r$estimate)) NA else r$estimate))
hits <- c(83, 90, 129, 70); n <- c(86, 93, 136, 82)
show_test("prop.trend.test", prop.trend.test(hits, n))
cat(sprintf("slope %.17g\n", coef(lm(hits / n ~ c(0:3), weights = n))[2]))
show_test("prop.trend.test", prop.trend.test(c(12, 9, 7, 0, 3), c(40, 38, 41, 12, 39), c(1, 2, 4, 7, 9)))
kendall <- function(y, exact) show_test("kendall", cor.test(seq_along(y), y, method = "kendall", exact = exact, continuity = TRUE))
kendall(c(5.1, 4.8, 4.9, 4.2, 4.4, 3.9, 3.7, 4.0, 3.1, 3.3), TRUE)
kendall(c(3, 3, 1, 4, 4, 5, 9, 2, 6, 5, 3), FALSE)
kendall(c(2, 9, 4), TRUE)
kendall((1:50 * 37) %% 61 + (1:50) * .25, TRUE)
kendall((1:60 * 37) %% 61, FALSE)
