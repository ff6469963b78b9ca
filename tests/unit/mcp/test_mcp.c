/* SPDX-License-Identifier: Apache-2.0 */
/* The protocol without a project: what is said to messages of all kinds. */
#include "strata_test.h"

#include <jansson.h>
#include <stdlib.h>

#include "mcp/mcp.h"
#include "support/failing_alloc.h"

typedef struct outbox {
    json_t *last; /* owned */
    size_t n;
} outbox;

static strata_status keep_last(void *payload, const char *text, size_t len, strata_error *err)
{
    outbox *o = payload;
    json_t *message = json_loadb(text, len, 0, NULL);
    if (message == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    json_decref(o->last);
    o->last = message;
    o->n++;
    return STRATA_OK;
}

static strata_status session(outbox *o, bool may_change, mcp **out, strata_error *err)
{
    mcp_options options = {.cx = {.threads = 1, .seed = 1, .today = day_from_civil(2026, 6, 30)},
                           .project = {.folder = "/nowhere"},
                           .may_change = may_change,
                           .send = keep_last,
                           .payload = o};
    return mcp_new(&options, out, err);
}

static strata_status say(mcp *m, const char *text, strata_error *err)
{
    return mcp_receive(m, text, strlen(text), err);
}

static const char hello[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
                            "{\"protocolVersion\":\"2025-03-26\",\"capabilities\":{}}}";

static long long error_code(const outbox *o)
{
    return json_integer_value(json_object_get(json_object_get(o->last, "error"), "code"));
}

static const char *error_message(const outbox *o)
{
    return json_string_value(json_object_get(json_object_get(o->last, "error"), "message"));
}

static json_t *result(const outbox *o)
{
    return json_object_get(o->last, "result");
}

static void the_version_asked_for_is_spoken_if_it_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *asked, *spoken;
    } cases[] = {{"2025-06-18", "2025-06-18"},
                 {"2024-11-05", "2024-11-05"},
                 {"2025-11-25", "2025-11-25"},
                 {"1999-01-01", "2025-11-25"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        strata_error err = {0};
        outbox o = {0};
        mcp *m = NULL;
        char text[256];
        assert_ok(session(&o, false, &m, &err), &err);
        (void)snprintf(text, sizeof text,
                       "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"initialize\",\"params\":"
                       "{\"protocolVersion\":\"%s\"}}",
                       cases[i].asked);
        assert_ok(say(m, text, &err), &err);
        assert_string_equal(json_string_value(json_object_get(result(&o), "protocolVersion")),
                            cases[i].spoken);
        assert_string_equal(json_string_value(json_object_get(o.last, "id")), "x");
        json_decref(o.last);
        mcp_free(m);
    }
}

static void what_is_no_request_is_answered_with_its_error(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        long long code; /* 0: no answer at all */
    } cases[] = {
        {"{", -32700},
        {"\xff\xfe", -32700},
        {"[]", -32600},
        {"1", -32700},
        {"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":1}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", -32600},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", -32600}, /* too early */
        {"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", 0},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        strata_error err = {0};
        outbox o = {0};
        mcp *m = NULL;
        assert_ok(session(&o, false, &m, &err), &err);
        assert_ok(say(m, cases[i].text, &err), &err);
        assert_int_equal(o.n, cases[i].code != 0);
        if (cases[i].code != 0) {
            assert_int_equal(error_code(&o), cases[i].code);
        }
        json_decref(o.last);
        mcp_free(m);
    }
}

static void requests_that_are_wrong_say_how(void **state)
{
    (void)state;
    static const struct {
        const char *method, *params;
        long long code;
        const char *message;
    } cases[] = {
        {"tools/cal", "{}", -32601, "there is no method 'tools/cal'"},
        {"tools/call", "{}", -32602, "tools/call needs a name, and arguments by name"},
        {"tools/call", "{\"name\":\"open\",\"arguments\":[]}", -32602,
         "tools/call needs a name, and arguments by name"},
        {"tools/call", "{\"name\":\"segmnts\"}", -32602,
         "there is no tool 'segmnts' (did you mean 'segments'?)"},
        {"tools/call", "{\"name\":\"ingest\"}", -32602, "there is no tool 'ingest'"},
        {"resources/read", "{\"uri\":\"file:///etc/passwd\"}", -32002,
         "there is no resource 'file:///etc/passwd'"},
        {"resources/read", "{}", -32602, "there is no resource ''"},
        {"resources/read", "{\"uri\":\"strata://accounts/%ff\"}", -32002, "'%ff' is no name"},
        {"prompts/get", "{\"name\":\"cohort_revew\"}", -32602,
         "there is no prompt 'cohort_revew' (did you mean 'cohort_review'?)"},
        {"prompts/get", "{\"name\":\"cohort_review\"}", -32602,
         "cohort_review needs 'cohort': a cohort as 'cohorts' names it, such as 2025-Q1 or "
         "2025-01"},
    };
    strata_error err = {0};
    outbox o = {0};
    mcp *m = NULL;
    assert_ok(session(&o, false, &m, &err), &err);
    assert_ok(say(m, hello, &err), &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"%s\",\"params\":%s}",
                       cases[i].method, cases[i].params);
        assert_ok(say(m, text, &err), &err);
        assert_int_equal(error_code(&o), cases[i].code);
        assert_string_equal(error_message(&o), cases[i].message);
    }
    json_decref(o.last);
    mcp_free(m);
}

/* A name of the request that is cut in the midst of a character must not make the answer one that
 * no JSON reader takes. */
static void a_long_name_is_cut_between_characters(void **state)
{
    (void)state;
    strata_error err = {0};
    outbox o = {0};
    mcp *m = NULL;
    char text[4096];
    size_t at = (size_t)snprintf(text, sizeof text, "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"x");
    for (int i = 0; i < 1000; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "\xc3\xa9");
    }
    (void)snprintf(text + at, sizeof text - at, "\"}");
    assert_ok(session(&o, false, &m, &err), &err);
    assert_ok(say(m, hello, &err), &err);
    assert_ok(say(m, text, &err), &err);
    assert_int_equal(error_code(&o), -32601);
    assert_non_null(strstr(error_message(&o), "\xc3\xa9\xc3\xa9"));
    json_decref(o.last);
    mcp_free(m);
}

static void a_request_that_is_cancelled_while_it_waits_is_not_run(void **state)
{
    (void)state;
    static const char cancel[] = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
                                 "\"params\":{\"requestId\":8}}";
    strata_error err = {0};
    outbox o = {0};
    mcp *m = NULL;
    assert_ok(session(&o, false, &m, &err), &err);
    assert_ok(say(m, hello, &err), &err);
    mcp_arrived(m, cancel, strlen(cancel));
    size_t before = o.n;
    assert_ok(say(m, "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\"}", &err), &err);
    assert_int_equal(o.n, before); /* who cancels waits for no answer */
    assert_ok(say(m, "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}", &err), &err);
    assert_int_equal(o.n, before + 1);
    json_decref(o.last);
    mcp_free(m);
}

static long long id_of(const outbox *o, size_t i)
{
    return json_integer_value(json_object_get(json_array_get(o->last, i), "id"));
}

/* The version of March 2025 asks that they be taken; later ones have none. */
static void several_requests_come_in_one_message_of_older_clients(void **state)
{
    (void)state;
    static const char two[] = "[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"},"
                              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"},"
                              "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"nothing\"},7]";
    strata_error err = {0};
    outbox o = {0};
    mcp *m = NULL;
    assert_ok(session(&o, false, &m, &err), &err);
    assert_ok(say(m, hello, &err), &err);
    assert_ok(say(m, two, &err), &err);
    assert_int_equal(o.n, 2); /* that of hello, and one of all */
    assert_int_equal(json_array_size(o.last), 3);
    assert_int_equal(id_of(&o, 0), 2);
    assert_int_equal(id_of(&o, 1), 3);
    assert_ok(say(m, "[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}]", &err), &err);
    assert_int_equal(o.n, 2); /* nothing to answer */
    assert_ok(say(m, "[]", &err), &err);
    assert_int_equal(error_code(&o), -32600);
    static const char cancel[] = "[{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
                                 "\"params\":{\"requestId\":8}}]";
    mcp_arrived(m, cancel, strlen(cancel));
    assert_ok(say(m, "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\"}", &err), &err);
    assert_int_equal(o.n, 3);
    assert_ok(say(m,
                  "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":"
                  "{\"protocolVersion\":\"2025-06-18\"}}",
                  &err),
              &err);
    assert_ok(say(m, two, &err), &err);
    assert_string_equal(error_message(&o),
                        "this version of the protocol has one request in a message");
    json_decref(o.last);
    mcp_free(m);
}

/* What a tool cannot do is its result, so that the assistant reads it. */
static void a_tool_that_fails_says_so_in_its_result(void **state)
{
    (void)state;
    static const struct {
        const char *call, *text;
    } cases[] = {
        {"{\"name\":\"open\",\"arguments\":{}}", "answer is the id of an answer, such as a3"},
        {"{\"name\":\"open\",\"arguments\":{\"answer\":\"a3\"}}",
         "there is no answer 'a3' any more; the last 32 are kept: ask again"},
        {"{\"name\":\"where_from\",\"arguments\":{\"answer\":\"a0\"}}",
         "there is no answer 'a0' any more; the last 32 are kept: ask again"},
        {"{\"name\":\"segments\",\"arguments\":{\"approach\":{}}}",
         "approach is a text, a number, true or false"},
        {"{\"name\":\"segments\",\"arguments\":{\"output\":\"/tmp/x\"}}",
         "output cannot be given here: only the command line has it"},
        {"{\"name\":\"segments\"}",
         "there is no '/nowhere/strata.yaml'; make a project with 'strata init', or name one with "
         "--project"},
    };
    strata_error err = {0};
    outbox o = {0};
    mcp *m = NULL;
    assert_ok(session(&o, false, &m, &err), &err);
    assert_ok(say(m, hello, &err), &err);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":%s}",
                       cases[i].call);
        assert_ok(say(m, text, &err), &err);
        assert_true(json_is_true(json_object_get(result(&o), "isError")));
        json_t *content = json_array_get(json_object_get(result(&o), "content"), 0);
        assert_string_equal(json_string_value(json_object_get(content, "text")), cases[i].text);
    }
    json_decref(o.last);
    mcp_free(m);
}

static size_t find_tool(const outbox *o, const char *name)
{
    const json_t *tools = json_object_get(result(o), "tools");
    for (size_t i = 0; i < json_array_size(tools); i++) {
        const json_t *tool = json_array_get(tools, i);
        if (strcmp(json_string_value(json_object_get(tool, "name")), name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

static void only_sessions_that_may_change_things_have_tools_that_do(void **state)
{
    (void)state;
    for (int may_change = 0; may_change < 2; may_change++) {
        strata_error err = {0};
        outbox o = {0};
        mcp *m = NULL;
        assert_ok(session(&o, may_change != 0, &m, &err), &err);
        assert_ok(say(m, hello, &err), &err);
        assert_ok(say(m, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}", &err), &err);
        assert_true(find_tool(&o, "describe") != SIZE_MAX);
        assert_true(find_tool(&o, "accounts") != SIZE_MAX);
        assert_int_equal(find_tool(&o, "sql"), SIZE_MAX);
        assert_int_equal(find_tool(&o, "export"), SIZE_MAX);
        assert_int_equal(find_tool(&o, "ingest") != SIZE_MAX, may_change);
        const json_t *predict =
            json_array_get(json_object_get(result(&o), "tools"), find_tool(&o, "predict"));
        const json_t *save = json_object_get(
            json_object_get(json_object_get(predict, "inputSchema"), "properties"), "save");
        assert_int_equal(save != NULL, may_change);
        json_decref(o.last);
        mcp_free(m);
    }
}

static void no_allocation_that_fails_loses_anything(void **state)
{
    (void)state;
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        outbox o = {0};
        mcp *m = NULL;
        strata_status st = session(&o, false, &m, &err);
        st = st == STRATA_OK ? say(m, hello, &err) : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, o.n == 0 || result(&o) == NULL);
        json_decref(o.last);
        mcp_free(m);
    });
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_version_asked_for_is_spoken_if_it_is_known),
        cmocka_unit_test(what_is_no_request_is_answered_with_its_error),
        cmocka_unit_test(requests_that_are_wrong_say_how),
        cmocka_unit_test(a_long_name_is_cut_between_characters),
        cmocka_unit_test(a_request_that_is_cancelled_while_it_waits_is_not_run),
        cmocka_unit_test(several_requests_come_in_one_message_of_older_clients),
        cmocka_unit_test(a_tool_that_fails_says_so_in_its_result),
        cmocka_unit_test(only_sessions_that_may_change_things_have_tools_that_do),
        cmocka_unit_test(no_allocation_that_fails_loses_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
