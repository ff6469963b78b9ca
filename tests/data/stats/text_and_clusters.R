# SPDX-License-Identifier: Apache-2.0
# Reference values of tests/unit/stats/test_text_and_clusters.c: the published formulas, written out once more.
options(digits=17)
# Monroe et al. 2008, eq. 15, 16, 19-22
y1 <- c(12,3,0,7,20); y2 <- c(5,9,4,7,60); a0 <- 10
a <- a0*(y1+y2)/sum(y1+y2)
d <- log((y1+a)/(sum(y1)+a0-y1-a)) - log((y2+a)/(sum(y2)+a0-y2-a))
v <- 1/(y1+a)+1/(y2+a)
cat("delta", d, "\nvar", v, "\nz", d/sqrt(v), "\n")
hits <- c(2,0,5,3,1,8); of <- c(4,1,5,9,0,10); 
ok <- of>0; h<-hits[ok]; n<-of[ok]
r <- sum(h)/sum(n); m<-length(n); e <- (h-r*n)/sum(n)
va <- m/(m-1)*sum(e^2); cat("share", r, sqrt(va), "\n")
h2 <- c(1,2,0,4,6,0); n2 <- c(2,3,0,8,7,1)
h1 <- hits; h1[5]<-0; n1<-of
r1<-sum(h1)/sum(n1); r2<-sum(h2)/sum(n2)
e <- (h1-r1*n1)/sum(n1) - (h2-r2*n2)/sum(n2); k<-sum(n1>0|n2>0)
va<-k/(k-1)*sum(e^2); cat("diff",r1-r2,(r1-r2)/sqrt(va), 2*pnorm(-abs((r1-r2)/sqrt(va))),"\n")
w<-ifelse(n1+n2>0,n1*n2/(n1+n2),0); t<-ifelse(n1+n2>0,(h1*n2-h2*n1)/(n1+n2),0)
D<-sum(t)/sum(w); e<-(t-D*w)/sum(w); k<-sum(w>0); va<-k/(k-1)*sum(e^2)
cat("mh",D,D/sqrt(va),2*pnorm(-abs(D/sqrt(va))),k,D-qnorm(.975)*sqrt(va),D+qnorm(.975)*sqrt(va),"\n")
