# SPDX-License-Identifier: Apache-2.0
# Reference value of tests/unit/analysis/test_quality_card.c: R 4.2.2 with survival; as make.py.
library(survival); options(digits=17)
t <- c(rep(365,100), rep(199,10), rep(365,90), rep(199,72), rep(365,108))
e <- c(rep(0,100), rep(1,10), rep(0,90), rep(1,72), rep(0,108))
g <- c(rep(1,100), rep(2,100), rep(3,180))
print(survdiff(Surv(t,e)~g)$chisq)
