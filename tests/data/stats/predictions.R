# SPDX-License-Identifier: Apache-2.0
# Reference values for discrimination, calibration and logistic regression in tests/unit/stats:
#   Rscript tests/data/stats/predictions.R
# R 4.2.2, pROC 1.18.0 (Debian 12: r-base-core, r-cran-proc). The data are those of make_predictions.py.
suppressMessages(library(pROC))
options(digits = 15)
lcg <- function(n, seed) {
  u <- numeric(n)
  for (i in seq_len(n)) {
    seed <- (seed * 16807) %% 2147483647
    u[i] <- seed / 2147483647
  }
  u
}
n <- 200
u <- matrix(lcg(4 * n, 2026), nrow = 4)
x <- t(2 * u[1:3, ] - 1)
x[, 3] <- floor(x[, 3] * 10 + 0.5) / 10
y <- as.integer(u[4, ] < plogis(-1 + x[, 1] - 2 * x[, 2] + 3 * x[, 3]))
a <- x[, 3] - 0.3 * x[, 2]
b <- x[, 3]
roc_a <- roc(y, a, quiet = TRUE, direction = "<")
roc_b <- roc(y, b, quiet = TRUE, direction = "<")
cat("ci a", format(ci.auc(roc_a)), "se", format(sqrt(var(roc_a))), "\n")
cat("ci b", format(ci.auc(roc_b)), "se", format(sqrt(var(roc_b))), "\n")
t <- roc.test(roc_a, roc_b, method = "delong", paired = TRUE)
cat("z, p", format(t$statistic), format(t$p.value), "\n")

cat("glm ", format(coef(f <- glm(y ~ x, family = binomial, epsilon = 1e-14, maxit = 100))), "loglik", format(logLik(f)), "null", format(-f$null.deviance / 2), "\n")
w <- 1 + (seq_len(n) - 1) %% 3
cat("weighted glm ", format(coef(glm(y ~ x, family = binomial, weights = w, epsilon = 1e-14, maxit = 100))), "\n")

# Platt's curve: a logistic fit to his targets.
np <- sum(y); nn <- n - np
target <- ifelse(y == 1, (np + 1) / (np + 2), 1 / (nn + 2))
cat("platt intercept, slope ", format(coef(suppressWarnings(glm(target ~ a, family = binomial, epsilon = 1e-14)))), "\n")

# Isotonic regression as steps: distinct scores, means with counts as weights.
s <- sort(unique(b)); m <- tapply(y, b, mean); k <- as.vector(table(b))
cat("isotonic ", format(isoreg(rep(m, k))$yf[cumsum(k)]), "\n")

# Calibration of p.
p <- plogis(-1 + 1.5 * a)
l <- qlogis(p)
large <- glm(y ~ offset(l), family = binomial, epsilon = 1e-14)
line <- glm(y ~ l, family = binomial, epsilon = 1e-14)
cat("in the large, se ", format(summary(large)$coefficients[1:2]), "\n")
cat("intercept, slope, se of slope ", format(coef(line)), format(summary(line)$coefficients[2, 2]), "\n")
at <- sum(y * log(p) + (1 - y) * log(1 - p))
lr <- 2 * (as.numeric(logLik(line)) - at)
cat("likelihood ratio, p ", format(lr), format(pchisq(lr, 2, lower.tail = FALSE)), "\n")
