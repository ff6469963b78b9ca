# SPDX-License-Identifier: Apache-2.0
# Writes the reference values of the tests of survival analysis as a C header:
#   Rscript tests/data/stats/survival.R > tests/unit/stats/survival_reference.h
# R 4.2.2 with the recommended package survival 3.5-3 (Debian 12: r-base-core, r-cran-survival).
# The lifetimes come from a random number generator that the test has too (survival_sample).
suppressMessages(library(survival))

number <- function(x) ifelse(is.finite(x), formatC(x, digits = 17, format = "g", width = 1), "NAN")
show <- function(name, x, per_line = 4) {
  x <- as.vector(x)
  rows <- split(number(x), (seq_along(x) - 1) %/% per_line)
  cat("static const double ", name, "[] = {\n", sep = "")
  for (r in rows) cat("    ", paste0(r, ",", collapse = " "), "\n", sep = "")
  cat("};\n")
}

# Park & Miller's generator: exact in whole numbers below 2^53.
lcg <- function(n, seed) {
  u <- numeric(n)
  for (i in seq_len(n)) {
    seed <- (seed * 16807) %% 2147483647
    u[i] <- seed / 2147483647
  }
  u
}
n <- 240
u <- matrix(lcg(7 * n, 2026), nrow = 7)
d <- data.frame(x1 = u[1, ] * 2 - 0.5, x2 = as.numeric(u[2, ] < 0.3), x3 = floor(u[3, ] * u[3, ] * 10))
d$time <- 1 + floor(25 * u[4, ] / (1 + d$x2 + 0.5 * d$x3 * u[1, ]))
d$event <- as.integer(u[5, ] < 0.7)
d$entry <- ifelse(u[6, ] < 0.5, -1, floor(u[6, ] * d$time))
d$s <- floor(u[7, ] * 3)
d$g <- d$x2 + 2 * (d$s == 1)

cat("/* SPDX-License-Identifier: Apache-2.0 */\n/* Made by tests/data/stats/survival.R. */\n")
cat("#ifndef STRATA_TEST_SURVIVAL_REFERENCE_H\n#define STRATA_TEST_SURVIVAL_REFERENCE_H\n\n")

curve <- function(name, fit, horizon) {
  cat("/* time, at risk, events, censored, survival, low, high */\n")
  show(paste0(name, "_steps"), rbind(fit$time, fit$n.risk, fit$n.event, fit$n.censor, fit$surv, fit$lower, fit$upper), 7)
  t <- summary(fit, rmean = horizon)$table
  cat("/* median, low, high; restricted mean up to", horizon, "and its standard error */\n")
  show(paste0(name, "_median"), t[c("median", "0.95LCL", "0.95UCL", "rmean", "se(rmean)")])
}
curve("want_km", survfit(Surv(time, event) ~ 1, d, conf.type = "log-log"), 12)
curve("want_late", survfit(Surv(entry, time, event) ~ 1, d, conf.type = "log-log", start.time = 0), 12)
half <- data.frame(t = c(1, 2, 3, 4, 5, 6, 7, 8), e = c(1, 1, 1, 1, 0, 0, 1, 1))
curve("want_half", survfit(Surv(t, e) ~ 1, half, conf.type = "log-log"), 6)

cat("/* chi-square by group, by group within strata, and by group with delayed entry within strata */\n")
# survdiff refuses delayed entry; this is its sum with the risk sets of entry < t <= time.
late_log_rank <- function(d) {
  k <- sort(unique(d$g))
  excess <- numeric(length(k))
  variance <- matrix(0, length(k), length(k))
  for (s in split(d, d$s)) for (t in unique(s$time[s$event == 1])) {
    risk <- s[s$entry < t & s$time >= t, ]
    at <- sapply(k, function(g) sum(risk$g == g))
    ended <- sapply(k, function(g) sum(risk$g == g & risk$time == t & risk$event == 1))
    n <- sum(at)
    m <- sum(ended)
    excess <- excess + ended - m * at / n
    if (n > 1) variance <- variance + m * (n - m) / (n - 1) * (diag(at / n) - outer(at / n, at / n))
  }
  drop(excess[-1] %*% solve(variance[-1, -1], excess[-1]))
}
show("want_log_rank", c(survdiff(Surv(time, event) ~ g, d)$chisq, survdiff(Surv(time, event) ~ x2 + strata(s), d)$chisq, late_log_rank(transform(d, g = x2))))

control <- suppressWarnings(coxph.control(eps = 1e-14, iter.max = 50))
regression <- function(name, fit) {
  z <- cox.zph(fit)$table
  s <- summary(fit)
  p <- length(coef(fit))
  cat("\n/* beta and standard error; log-likelihoods; likelihood ratio, Wald, score; concordance;\n",
      " * cox.zph chi-square and p, of all last */\n", sep = "")
  show(name, c(coef(fit), sqrt(diag(vcov(fit))), fit$loglik, s$logtest[1], s$waldtest[1], s$sctest[1],
               fit$concordance["concordance"], z[, "chisq"], z[, "p"]))
  cat("/* covariance */\n")
  show(paste0(name, "_covariance"), vcov(fit))
}
for (ties in c("efron", "breslow")) {
  regression(paste0("cox_", ties), coxph(Surv(time, event) ~ x1 + x2 + x3, d, ties = ties, control = control))
  regression(paste0("cox_", ties, "_strata"), coxph(Surv(time, event) ~ x1 + x2 + x3 + strata(s), d, ties = ties, control = control))
  regression(paste0("cox_", ties, "_late"), coxph(Surv(entry, time, event) ~ x1 + x2 + x3 + strata(s), d, ties = ties, control = control))
}
newdata <- data.frame(x1 = 0.25, x2 = 1, x3 = 4)
cat("\n/* Survival of x1 = 0.25, x2 = 1, x3 = 4 at 1, 5, 10, 20 */\n")
for (ties in c("efron", "breslow")) {
  fit <- coxph(Surv(time, event) ~ x1 + x2 + x3, d, ties = ties, control = control)
  show(paste0("cox_", ties, "_survival"), summary(survfit(fit, newdata), times = c(1, 5, 10, 20))$surv)
}
fit <- coxph(Surv(entry, time, event) ~ x1 + x2 + x3 + strata(s), d, control = control)
show("cox_late_survival", summary(survfit(fit, cbind(newdata, s = 1)), times = c(1, 5, 10))$surv)

# Rossi, Berk & Lenihan 1980, Money, Work and Crime: 432 men released from prison, as distributed in
# R's carData (Debian: r-cran-cardata) and with lifelines.
if (requireNamespace("carData", quietly = TRUE)) {
  r <- carData::Rossi
  yes <- function(x) as.integer(x == "yes")
  rossi <- cbind(r$week, r$arrest, yes(r$fin), r$age, r$race == "black", yes(r$wexp), r$mar == "married", yes(r$paro), r$prio)
  cat("\n/* week, arrest, fin, age, race, wexp, mar, paro, prio */\nstatic const unsigned char rossi[][9] = {\n")
  rows <- apply(rossi, 1, function(v) paste0("{", paste(v, collapse = ", "), "}"))
  for (k in split(rows, (seq_along(rows) - 1) %/% 3)) cat("    ", paste0(k, ",", collapse = " "), "\n", sep = "")
  cat("};\n")
  colnames(rossi) <- c("week", "arrest", "fin", "age", "race", "wexp", "mar", "paro", "prio")
  regression("cox_rossi", coxph(Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio, as.data.frame(rossi), control = control))
}
cat("\n#endif\n")
