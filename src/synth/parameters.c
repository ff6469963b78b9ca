/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/parameters.h"

#define SYNTH_P(sym, name, value, meaning) {name, value, meaning},
const synth_parameter synth_parameters[P_COUNT] = {
#include "synth/parameters.def"
};
#undef SYNTH_P

const synth_category synth_industries[INDUSTRIES] = {
    {"Software", 0.22, {4.4, 1.2, 0.3}},
    {"Financial services", 0.14, {5.2, 1.3, 0.1}},
    {"Healthcare", 0.12, {5.0, 1.2, 0}},
    {"Manufacturing", 0.14, {5.0, 1.1, -0.1}},
    {"Retail", 0.13, {4.6, 1.3, -0.2}},
    {"Education", 0.09, {4.8, 1.0, -0.1}},
    {"Professional services", 0.1, {4.0, 1, 0.2}},
    {"Public sector", 0.06, {5.5, 1.0, -0.3}},
};

const synth_category synth_channels[CHANNELS] = {
    {"outbound", 0.26, {0.5, -0.1}},     {"inbound", 0.34, {0, 0.1}},   {"partner", 0.16, {0.3, 0}},
    {"paid search", 0.14, {-0.5, -0.4}}, {"referral", 0.1, {0.1, 0.5}},
};

const synth_category synth_plans[PLANS] = {
    {"Starter", 0, {3, 7900, -0.3, 8, 1, 2}},
    {"Team", 0, {10, 12900, 0, 4, 1, 6}},
    {"Business", 0, {35, 18900, 0.15, 1, 1, 8}},
    {"Enterprise", 0, {1000, 24900, 0.25, 0, 1, 9}},
};

const synth_category synth_archetypes[ARCHETYPES] = {
    {"power user", 0.2, {0.7, 0.005, 0.05}}, {"steady", 0.4, {0.1, 0, 0.05}},
    {"riser", 0.12, {-0.5, 0.04, 0}},        {"fader", 0.15, {0.3, -0.05, 0}},
    {"seasonal", 0.13, {-0.1, 0, 0.5}},
};

const synth_category synth_coverages[COVERAGES] = {
    {"high", 0, {4000000, 2.2, 0.7, 45}},
    {"medium", 0, {1500000, 0.9, 0.55, 35}},
    {"low", 0, {500000, 0.35, 0.45, 20}},
    {"digital", 0, {0, 0.1, 0.15, 2}},
};

const synth_category synth_weekdays[WEEKDAYS] = {
    {"Monday", 0, {1}},   {"Tuesday", 0, {1}},     {"Wednesday", 0, {1}}, {"Thursday", 0, {1}},
    {"Friday", 0, {0.9}}, {"Saturday", 0, {0.15}}, {"Sunday", 0, {0.1}},
};

/* In the order customers adopt them: an account uses a leading part of this list. */
const synth_feature synth_features[FEATURE_KINDS] = {
    {"dashboard_viewed", {8, 10, 10, 10, 8}}, {"record_created", {8, 9, 8, 8, 8}},
    {"record_edited", {8, 8, 7, 7, 7}},       {"search", {6, 6, 5, 5, 6}},
    {"comment_added", {5, 4, 4, 3, 3}},       {"file_uploaded", {4, 3, 3, 3, 3}},
    {"report_exported", {4, 3, 2, 4, 9}},     {"view_shared", {4, 2, 3, 1, 2}},
    {"mobile_session", {3, 2, 3, 2, 1}},      {"workflow_run", {6, 2, 3, 1, 1}},
    {"integration_sync", {5, 2, 3, 1, 1}},    {"alert_configured", {3, 1, 2, 0.5, 1}},
    {"api_call", {6, 1, 2, 0.5, 1}},          {"forecast_built", {3, 0.5, 2, 0.5, 4}},
    {"role_changed", {2, 0.5, 1, 0.5, 0.5}},  {"audit_log_viewed", {2, 0.3, 1, 0.3, 1}},
};
