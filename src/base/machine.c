/* SPDX-License-Identifier: Apache-2.0 */
#include "base/machine.h"

#include <time.h>
#include <unistd.h>

enum { S_PER_DAY = 86400, PROCESSORS_MAX = 1024 };

day machine_today(void)
{
    time_t now = time(NULL);
    struct tm local;
    if (localtime_r(&now, &local) == NULL) {
        return (day)(now / S_PER_DAY);
    }
    return day_from_civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

int machine_processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 && n < PROCESSORS_MAX ? (int)n : 1;
}
