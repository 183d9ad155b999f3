/* SPDX-License-Identifier: GPL-2.0-or-later */
/* scan, and what is made of it, while processes come and go; under valgrind: nothing leaks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "query/rows.h"
#include "query/sets.h"
#include "query/why.h"
#include "scan/scan.h"

static void churn(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		for (int i = 0; i < 20; i++) {
			if (fork() != 0)
				continue;
			/* A user who may not is churn as well. */
			if (i % 4 == 0 && unshare(CLONE_NEWUTS | CLONE_NEWUSER) < 0)
				_exit(0);
			_exit(0);
		}
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		usleep(5000);
	}
}

static int start_churn(void **state)
{
	pid_t child = fork();

	if (child == 0)
		churn();
	*state = (void *)(intptr_t)child;
	return child < 0;
}

static int stop_churn(void **state)
{
	pid_t child = (pid_t)(intptr_t)*state;

	kill(child, SIGKILL);
	return waitpid(child, NULL, 0) != child;
}

/* What adds up in any snapshot, however it was disturbed. */
static void assert_sound(const struct snapshot *snapshot)
{
	size_t tasks = 0;

	for (size_t i = 0; i < snapshot->set_count; i++) {
		const struct snapshot_set *set = &snapshot->sets[i];

		tasks += set->task_count;
		assert_true(set->process_count <= set->task_count);
		assert_true(set->first_task < snapshot->task_count || set->task_count == 0);
	}
	assert_int_equal(tasks, snapshot->task_count);
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		assert_int_equal(snapshot_find_ns(snapshot, ns->type, ns->ino), i);
		assert_true(ns->process_count <= ns->task_count);
		assert_true((ns->first_task == SNAPSHOT_NONE) == (ns->task_count == 0));
		if (ns->owner.state == RELATION_KNOWN)
			assert_int_equal(snapshot->namespaces[ns->owner.ns].type, NS_USER);
		if (ns->parent.state == RELATION_KNOWN)
			assert_int_equal(snapshot->namespaces[ns->parent.ns].type, ns->type);
	}
	for (size_t i = 0; i < snapshot->holder_count; i++)
		assert_true(snapshot->holders[i].ns < snapshot->ns_count);
}

static void everything(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		AUTO_SNAPSHOT struct snapshot snapshot = {0};
		AUTO_ROWS struct rows rows = {0};
		AUTO_SET_ROWS struct set_rows sets = {0};
		AUTO_WHY_ROWS struct why_rows why = {0};
		struct rows_request request = {.tree = TREE_PROCESS, .details = ~0U};
		struct error err;
		struct stat st;

		assert_int_equal(scan(&SCAN_EVERYTHING, &snapshot, &err), 0);
		assert_sound(&snapshot);
		assert_int_equal(rows_of_namespaces(&snapshot, &request, &rows), 0);
		assert_true(rows.count == snapshot.ns_count);
		assert_int_equal(sets_make_rows(&snapshot, &(struct sets_request){.details = ~0U}, &sets), 0);
		assert_true(sets.count > 0);
		assert_true(sets.rows[0].is_host);
		assert_int_equal(stat("/proc/self/ns/uts", &st), 0);
		assert_int_equal(why_make_rows(&snapshot, snapshot_find_ns(&snapshot, NS_UTS, st.st_ino),
					       &(struct why_request){.own_mnt = SNAPSHOT_NONE}, &why),
				 0);
		assert_true(why.count > 0);
	}
}

static void own_namespaces_open(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	uint32_t task;
	struct error err;

	(void)state;
	assert_int_equal(
	    scan(&(struct scan_request){.types = NS_TYPE_SET_ALL, .process = getpid()}, &snapshot, &err), 0);
	assert_int_equal(snapshot.processes, 1);
	task = snapshot_find_task(&snapshot, getpid());
	assert_int_not_equal(task, SNAPSHOT_NONE);
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		uint32_t index = snapshot.sets[snapshot.tasks[task].set].ns[link];
		AUTO_NS struct ns ns = NS_CLOSED;

		assert_int_equal(scan_open_ns(&snapshot, index, &ns), 0);
		assert_int_equal(ns.ino, snapshot.namespaces[index].ino);
		assert_int_equal(ns.type, ns_link_type(link));
	}
}

static void a_process_that_ended_has_no_details(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_DETAILS struct task_details details = {0};
	pid_t child = fork();
	struct error err;
	uint32_t task;

	(void)state;
	if (child == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(scan(&(struct scan_request){.types = NS_TYPE_SET_ALL}, &snapshot, &err), 0);
	task = snapshot_find_task(&snapshot, child);
	assert_int_not_equal(task, SNAPSHOT_NONE);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_not_equal(scan_details(&snapshot, task, ~0U, &details), 0);
	assert_null(details.texts[TEXT_COMMAND]);
	assert_false(details.has_stat);
}

static void one_type_only(void **state)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	struct error err;

	(void)state;
	assert_int_equal(scan(&(struct scan_request){.types = 1U << NS_UTS}, &snapshot, &err), 0);
	for (size_t i = 0; i < snapshot.ns_count; i++)
		assert_int_equal(snapshot.namespaces[i].type, NS_UTS);
	assert_true(snapshot.ns_count > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everything),
	    cmocka_unit_test(own_namespaces_open),
	    cmocka_unit_test(a_process_that_ended_has_no_details),
	    cmocka_unit_test(one_type_only),
	};

	return cmocka_run_group_tests(tests, start_churn, stop_churn);
}
