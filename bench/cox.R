# SPDX-License-Identifier: Apache-2.0
# R's coxph on the lifetimes that bench/cox wrote, compared with its coefficients:
#   Rscript bench/cox.R FOLDER ROWS REPEAT
# coxph is the whole call from a data frame to a fit with concordance; coxph.fit is its inner
# function alone, from a matrix to coefficients, without concordance.
suppressMessages(library(survival))
args <- commandArgs(TRUE)
folder <- args[1]
n <- as.integer(args[2])
repeats <- as.integer(args[3])
column <- function(name) readBin(file.path(folder, name), "double", n)
x <- sapply(paste0("x", 1:5), column)
event <- as.integer(readBin(file.path(folder, "event"), "integer", n, size = 1))
ours <- read.table(file.path(folder, "coefficients"), col.names = c("unit", "value"))
best <- function(call) {
  times <- replicate(repeats, system.time(call())[c("elapsed", "user.self", "sys.self")])
  k <- which.min(times[2, ] + times[3, ])
  c(times[1, k], times[2, k] + times[3, k])
}
line <- function(what, unit, t) cat(sprintf("%-9s, %-8s 1 thread  wall %7.3f s  cpu %7.3f s\n", what, unit, t[1], t[2]))
for (unit in c("days", "seconds")) {
  d <- data.frame(time = column(unit), event, x)
  line("coxph", unit, best(function() fit <<- coxph(Surv(time, event) ~ x1 + x2 + x3 + x4 + x5, d)))
  y <- Surv(d$time, event)
  line("coxph.fit", unit, best(function() coxph.fit(x, y, NULL, NULL, NULL, coxph.control(), method = "efron", rownames = NULL)))
  theirs <- c(rbind(coef(fit), sqrt(diag(vcov(fit)))), fit$loglik[2], fit$concordance["concordance"])
  apart <- max(abs(ours$value[ours$unit == unit] / theirs - 1)[-9])
  if (apart > 1e-6) stop("coefficients differ in ", unit, " by ", apart)
}
cat("all coefficients agree\n")
