/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sink: the sources of a scan emit to any sink; this one counts, and passes on to another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scan/sources.h"
#include "snapshot/build.h"

struct counter {
	size_t namespaces;
	size_t sets;
	size_t tasks;
	size_t holders;
	size_t processes;
	size_t ends;
	const struct sink *next; /* NULL: nothing is kept */
};

static int count_ns(void *context, const struct sink_ns *ns)
{
	struct counter *counter = context;

	counter->namespaces++;
	return counter->next ? counter->next->add_ns(counter->next->context, ns) : 0;
}

static int count_set(void *context, const struct sink_set *set, uint32_t *number)
{
	struct counter *counter = context;

	*number = (uint32_t)counter->sets++;
	return counter->next ? counter->next->add_set(counter->next->context, set, number) : 0;
}

static int count_task(void *context, const struct snapshot_task *task)
{
	struct counter *counter = context;

	counter->tasks++;
	if (!counter->next)
		assert_true(task->set < counter->sets);
	return counter->next ? counter->next->add_task(counter->next->context, task) : 0;
}

static int count_holder(void *context, const struct sink_holder *holder)
{
	struct counter *counter = context;

	counter->holders++;
	return counter->next ? counter->next->add_holder(counter->next->context, holder) : 0;
}

static int count_more(void *context, enum holder_kind kind, enum ns_type type, ino_t ino, uint64_t count)
{
	struct counter *counter = context;

	counter->holders += count;
	return counter->next ? counter->next->add_more(counter->next->context, kind, type, ino, count) : 0;
}

static void count_note(void *context, enum sink_note note, size_t count)
{
	struct counter *counter = context;

	if (note == NOTE_PROCESSES)
		counter->processes += count;
	if (counter->next)
		counter->next->add_note(counter->next->context, note, count);
}

static int count_end(void *context)
{
	struct counter *counter = context;

	counter->ends++;
	return counter->next ? counter->next->end_tasks(counter->next->context) : 0;
}

static struct sink counting_sink(struct counter *counter, const struct snapshot *known)
{
	return (struct sink){
	    .context = counter,
	    .add_ns = count_ns,
	    .add_set = count_set,
	    .add_task = count_task,
	    .add_holder = count_holder,
	    .add_more = count_more,
	    .add_note = count_note,
	    .end_tasks = count_end,
	    .known = known,
	};
}

static void records_of_a_scan(enum engine engine)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {.unanswered = unanswered_new()};
	const struct sink inner = snapshot_sink(&snapshot);
	struct counter counter = {.next = &inner};
	const struct sink sink = counting_sink(&counter, &snapshot);
	size_t holders = 0;

	assert_int_equal(scan_run_sources(&SCAN_EVERYTHING, engine, &sink), 0);
	for (size_t i = 0; i < snapshot.ns_count; i++) {
		for (enum holder_kind kind = HOLDER_FILE; kind <= HOLDER_MOUNT; kind++)
			holders += snapshot_count_more(&snapshot.namespaces[i], kind);
	}
	/* The snapshot counts the holders for which it has no room. */
	assert_int_equal(counter.holders, snapshot.holder_count + holders);
	assert_int_equal(counter.processes, snapshot.processes);
	assert_int_equal(counter.ends, 1);
	assert_true(counter.tasks >= snapshot.task_count);
	assert_true(counter.sets >= snapshot.set_count);
	assert_true(counter.namespaces > 0);
	assert_int_equal(snapshot_finish(&snapshot), 0);
}

static void procfs_emits_each_record_once(void **state)
{
	(void)state;
	records_of_a_scan(ENGINE_PROCFS);
}

static void bpf_emits_the_same_records(void **state)
{
	(void)state;
	if (engine_check_bpf() < 0)
		skip();
	records_of_a_scan(ENGINE_BPF);
}

static void a_sink_may_keep_nothing(void **state)
{
	AUTO_SNAPSHOT struct snapshot none = {0};
	struct counter counter = {0};
	const struct sink sink = counting_sink(&counter, &none);

	(void)state;
	assert_int_equal(scan_run_sources(&SCAN_EVERYTHING, ENGINE_PROCFS, &sink), 0);
	assert_true(counter.tasks >= counter.processes);
	assert_true(counter.processes > 0);
	assert_int_equal(none.ns_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(procfs_emits_each_record_once),
	    cmocka_unit_test(bpf_emits_the_same_records),
	    cmocka_unit_test(a_sink_may_keep_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
