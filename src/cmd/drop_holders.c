/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/drop_holders.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cmd/drop_kept.h"
#include "cmd/report.h"
#include "cmd/why_columns.h"
#include "proc/process.h"
#include "scan/scan.h"
#include "target/target.h"
#include "unmount/unmount.h"

static const struct table_layout layout = {.groups = {why_columns}, .usual = "HOLDER,PID,WHAT"};

static ino_t mnt_ns_of(const struct snapshot *snapshot, const struct why_row *row)
{
	return row->ns == SNAPSHOT_NONE ? 0 : snapshot->namespaces[row->ns].ino;
}

/* The outcome of an attempt is more exact than a prediction. */
static void set_reasons(const struct snapshot *snapshot, const struct unmount_outcomes *outcomes,
			struct why_rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		struct why_row *row = &rows->rows[i];
		const struct unmount_outcome *outcome;

		if (row->kind != HOLDER_MOUNT)
			continue;
		outcome = unmount_find_outcome(outcomes, mnt_ns_of(snapshot, row), row->mount_id);
		row->reason = outcome ? unmount_reason(outcome->result) : "mounted meanwhile";
	}
}

/* Makes a row for each holder.  Returns 0 or a negative errno. */
static int list_holders(const struct snapshot *snapshot, uint32_t ns, uint32_t *own_mnt,
			struct why_rows *rows, struct error *err)
{
	struct process_links own;
	struct why_request request = {.with_copies = true};

	process_read_own_links(&own);
	*own_mnt = request.own_mnt = snapshot_find_ns(snapshot, NS_MNT, own.ino[NS_LINK_MNT]);
	if (why_make_rows(snapshot, ns, &request, rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	return 0;
}

/* The table of the holders has reported what could not be read. */
static int print_left(const struct snapshot *snapshot, const struct why_rows *rows, uint32_t own_mnt,
		      struct error *err)
{
	const struct table_options options = {0};
	AUTO_TABLE struct table *table = table_new(&layout, &options, err);
	int ret = table ? why_columns_fill(table, snapshot, rows, own_mnt, err) : -err->number;

	puts("\nLeft:");
	if (ret == 0)
		ret = table_arrange(table, err);
	return ret < 0 ? ret : table_print(table, err);
}

static int print_holders(const struct snapshot *snapshot, const struct why_rows *rows, uint32_t own_mnt,
			 const struct invocation *invocation, struct error *err)
{
	const struct table_options options = {0};
	AUTO_TABLE struct table *table = table_new(&layout, &options, err);
	int ret = table ? why_columns_fill(table, snapshot, rows, own_mnt, err) : -err->number;

	return ret < 0 ? ret : report_print(invocation, table, &options, "holders", snapshot, err);
}

static void report_mount_left(const struct invocation *invocation, const struct snapshot *snapshot,
			      const struct unmount_outcomes *outcomes, const struct why_row *row)
{
	ino_t mnt_ns = mnt_ns_of(snapshot, row);
	const struct unmount_outcome *outcome = unmount_find_outcome(outcomes, mnt_ns, row->mount_id);
	struct error note;

	error_set(&note, EBUSY, "cannot unmount '%.400s' in mnt:[%ju]: %s", row->detail, (uintmax_t)mnt_ns,
		  row->reason ? row->reason : "mounted again meanwhile");
	if (outcome && outcome->result == UNMOUNT_FAILED)
		error_hint(&note, "%s", strerror(outcome->number));
	if (outcome && outcome->result == UNMOUNT_DENIED && geteuid() != 0)
		error_hint(&note, "run as root");
	if (row->more > 0)
		error_hint(&note, "there are %ju more", (uintmax_t)row->more);
	command_report(invocation, &note, 0);
}

/* One line for each mount that is left.  Returns how many there are. */
static size_t report_mounts_left(const struct invocation *invocation, const struct snapshot *snapshot,
				 const struct unmount_outcomes *outcomes, const struct why_rows *rows)
{
	size_t count = 0;

	for (size_t i = 0; i < rows->count; i++) {
		if (rows->rows[i].kind != HOLDER_MOUNT)
			continue;
		report_mount_left(invocation, snapshot, outcomes, &rows->rows[i]);
		count++;
	}
	return count;
}

/* Says it as loudly as a program can.  Returns how many there are. */
static size_t report_lost_covers(const struct invocation *invocation, const struct unmount_outcomes *outcomes)
{
	size_t count = 0;

	for (size_t i = 0; i < outcomes->count; i++) {
		const struct unmount_outcome *outcome = &outcomes->outcomes[i];
		struct error note;

		if (outcome->result != UNMOUNT_COVER_LOST)
			continue;
		count++;
		error_set(
		    &note, outcome->number,
		    "LOST: the mount over mount %ju in mnt:[%ju] was taken off and could not be put back: %s",
		    (uintmax_t)outcome->mount_id, (uintmax_t)outcome->mnt_ns, strerror(outcome->number));
		error_hint(&note, "what mounted it there has to mount it again");
		command_report(invocation, &note, 0);
	}
	return count;
}

/* Processes and mounts that could not be read may still hold it. */
static void print_none_left(const struct snapshot *snapshot)
{
	bool sees_all = snapshot->unreadable == 0 && snapshot->unreadable_mounts == 0;

	puts(sees_all ? "\nNothing holds it any more." : "\nNothing is seen to hold it any more.");
}

static int report_left(const struct invocation *invocation, const struct snapshot *snapshot, uint32_t ns,
		       const struct unmount_outcomes *outcomes, struct error *err)
{
	AUTO_WHY_ROWS struct why_rows rows = {0};
	size_t failed = report_lost_covers(invocation, outcomes);
	uint32_t own_mnt;
	int ret;

	if (ns == SNAPSHOT_NONE) {
		print_none_left(snapshot);
		return failed > 0 ? EXIT_NO : 0;
	}
	ret = list_holders(snapshot, ns, &own_mnt, &rows, err);
	if (ret < 0)
		return ret;
	set_reasons(snapshot, outcomes, &rows);
	if (rows.count == 0)
		print_none_left(snapshot);
	else
		ret = print_left(snapshot, &rows, own_mnt, err);
	fflush(stdout);
	failed += report_mounts_left(invocation, snapshot, outcomes, &rows);
	if (ret < 0)
		return ret;
	return failed > 0 ? EXIT_NO : 0;
}

static int release_holders(const struct invocation *invocation, const struct scan_request *request,
			   struct snapshot *snapshot, uint32_t ns, struct error *err)
{
	const struct snapshot_ns wanted = snapshot->namespaces[ns];
	AUTO_DROP_KEPT struct drop_kept kept = {0};
	AUTO_UNMOUNT_OUTCOMES struct unmount_outcomes outcomes = {0};
	int ret = drop_kept_names(invocation, &wanted, &kept, err);

	if (ret == 0)
		ret = unmount_holders(request, snapshot, &ns, &outcomes, err);
	if (ret == 0)
		ret = report_left(invocation, snapshot, ns, &outcomes, err);
	fflush(stdout);
	drop_kept_report(invocation, &wanted, &kept);
	return ret;
}

/* ip-netns(8) would still list the name. */
static void report_file_left(const struct invocation *invocation, const struct target *target)
{
	char path[PATH_MAX];
	struct error note;

	if (target->kind != TARGET_NETNS_NAME ||
	    (size_t)snprintf(path, sizeof(path), TARGET_NETNS_DIRECTORY "/%s", target->name) >=
		sizeof(path) ||
	    access(path, F_OK) < 0)
		return;
	error_set(&note, 0, "the empty file %.400s is left", path);
	error_hint(&note, "ip netns del %.256s removes it", target->name);
	command_report(invocation, &note, 0);
}

static int drop_holders_of(const struct invocation *invocation, const struct drop_holders_request *request,
			   const struct target *target, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_FOUND struct found_target found = {0};
	AUTO_WHY_ROWS struct why_rows rows = {0};
	struct scan_request everything = SCAN_EVERYTHING;
	uint32_t own_mnt;
	int ret;

	everything.engine = request->engine;
	ret = target_scan(target, 1, &everything, &snapshot, &found, err);
	if (ret == 0 && found.ns_count > 1)
		ret = found_target_refuse_several(&snapshot, target, &found, err);
	if (ret == 0)
		ret = list_holders(&snapshot, found.ns[0], &own_mnt, &rows, err);
	if (ret == 0)
		ret = print_holders(&snapshot, &rows, own_mnt, invocation, err);
	if (ret < 0 || request->dry_run)
		return ret;
	fflush(stdout);
	ret = release_holders(invocation, &everything, &snapshot, found.ns[0], err);
	if (ret == 0)
		report_file_left(invocation, target);
	return ret;
}

int drop_holders(const struct invocation *invocation, const struct drop_holders_request *request,
		 struct error *err)
{
	struct target target;

	if (target_parse(request->word, &target, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	if (target.kind == TARGET_PROCESS) {
		error_set(err, EINVAL, "'%.256s' is a process, not a namespace", request->word);
		error_hint(err, "nsctl sets %.256s shows its namespaces", request->word);
		return command_report(invocation, err, EXIT_USAGE);
	}
	return drop_holders_of(invocation, request, &target, err);
}
