#include "cmd/scanned.h"

#include <errno.h>
#include <string.h>

#include "cmd/cmd.h"
#include "proc/process.h"
#include "proc/procfs.h"
#include "view/facts.h"
#include "view/json.h"

#define UNREADABLE "%zu of %zu processes could not be read"
#define HIDDEN "the processes of other users are hidden"
#define UNREADABLE_MOUNTS "the mounts of %zu mnt namespace%s could not be read"
#define VANISHED "processes start and end too quickly to be read: %zu of them were missed"
#define BROKEN_LIST "the kernel's list of namespaces changed too quickly to be read to its end"

static uint64_t count_unlisted(const struct snapshot *snapshot, enum holder_kind kind)
{
	uint64_t count = 0;

	for (size_t i = 0; i < snapshot->ns_count; i++)
		count += snapshot_count_more(&snapshot->namespaces[i], kind);
	return count;
}

static int warn_of_unlisted(json_t *object, const struct snapshot *snapshot)
{
	int ret = 0;

	for (enum holder_kind kind = 0; kind < HOLDER_KIND_COUNT && ret == 0; kind++) {
		uint64_t count = count_unlisted(snapshot, kind);

		if (count > 0)
			ret = facts_add_warning(object, "holders that are counted, not listed: %ju %s",
						(uintmax_t)count, holder_kind_name(kind));
	}
	return ret;
}

/* Who is hidden is not even counted. */
static int add_warnings(json_t *object, const char *key, const struct snapshot *snapshot)
{
	char text[256];
	int ret = 0;

	if (snapshot->has_hidden)
		ret = facts_add_warning(object, HIDDEN);
	else if (snapshot->unreadable > 0)
		ret = facts_add_warning(object, UNREADABLE, snapshot->unreadable, snapshot->processes);
	else if (snapshot->unreadable_mounts > 0)
		ret = facts_add_warning(object, UNREADABLE_MOUNTS, snapshot->unreadable_mounts,
					snapshot->unreadable_mounts == 1 ? "" : "s");
	if (ret == 0 && snapshot->vanished > 0 && !snapshot->is_complete)
		ret = facts_add_warning(object, VANISHED, snapshot->vanished);
	if (ret == 0 && snapshot->has_broken_list)
		ret = facts_add_warning(object, BROKEN_LIST);
	if (ret == 0 && unanswered_describe(snapshot->unanswered, text, sizeof(text)))
		ret = facts_add_warning(object, "%s", text);
	/* The rows of why say it themselves. */
	return ret == 0 && strcmp(key, "namespaces") == 0 ? warn_of_unlisted(object, snapshot) : ret;
}

static int print_json(const struct table *table, const char *key, const struct snapshot *snapshot,
		      struct error *err)
{
	json_t *object = json_pack("{s:o}", key, table_to_json(table));

	if (object && add_warnings(object, key, snapshot) < 0) {
		json_decref(object);
		object = NULL;
	}
	return json_print(object, err);
}

static void warn_of_hidden(char **argv)
{
	struct error warning;

	error_set(&warning, EACCES, HIDDEN);
	procfs_hint_at_hidepid(&warning);
	cmd_fail(argv, &warning, 0);
}

static void warn_of_unreadable(const struct snapshot *snapshot, char **argv)
{
	struct error warning;

	error_set(&warning, EACCES, UNREADABLE, snapshot->unreadable, snapshot->processes);
	process_hint_at_permission(&warning);
	cmd_fail(argv, &warning, 0);
}

static void warn_of_unanswered(const struct snapshot *snapshot, char **argv)
{
	struct error warning;
	char text[256];

	if (!unanswered_describe(snapshot->unanswered, text, sizeof(text)))
		return;
	error_set(&warning, ETIMEDOUT, "%s", text);
	error_hint(&warning, "a process or a file server is blocking it");
	cmd_fail(argv, &warning, 0);
}

/* Callers that cannot read the processes cannot read their mounts either: one line is enough. */
static void warn_of_mounts(const struct snapshot *snapshot, char **argv)
{
	struct error warning;

	error_set(&warning, EACCES, UNREADABLE_MOUNTS, snapshot->unreadable_mounts,
		  snapshot->unreadable_mounts == 1 ? "" : "s");
	process_hint_at_permission(&warning);
	cmd_fail(argv, &warning, 0);
}

/* Where the kernel listed its namespaces itself, none is missing for that. */
static void warn_of_vanished(const struct snapshot *snapshot, char **argv)
{
	struct error warning;

	error_set(&warning, EAGAIN, VANISHED, snapshot->vanished);
	error_hint(&warning, "try again; as root BPF can be used, which misses none");
	cmd_fail(argv, &warning, 0);
}

static void warn_of_broken_list(char **argv)
{
	struct error warning;

	error_set(&warning, EAGAIN, BROKEN_LIST);
	error_hint(&warning, "what only the kernel knows of may be missing: try again");
	cmd_fail(argv, &warning, 0);
}

static void warn_of_all(const struct snapshot *snapshot, char **argv)
{
	if (snapshot->has_hidden)
		warn_of_hidden(argv);
	else if (snapshot->unreadable > 0)
		warn_of_unreadable(snapshot, argv);
	else if (snapshot->unreadable_mounts > 0)
		warn_of_mounts(snapshot, argv);
	if (snapshot->vanished > 0 && !snapshot->is_complete)
		warn_of_vanished(snapshot, argv);
	if (snapshot->has_broken_list)
		warn_of_broken_list(argv);
	warn_of_unanswered(snapshot, argv);
}

int scanned_print(struct table *table, const struct view_options *options, const char *key,
		  const struct snapshot *snapshot, char **argv, struct error *err)
{
	int ret = table_arrange(table, err);

	if (ret < 0)
		return ret;
	if (options->json && !options->as_lsns)
		ret = print_json(table, key, snapshot, err);
	else
		ret = table_print(table, err);
	/* lsns(8) says nothing of it. */
	if (ret == 0 && !options->as_lsns)
		warn_of_all(snapshot, argv);
	return ret;
}

/* Brackets and blanks are the shell's. */
static bool is_plain(const char *word)
{
	return !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@%,")];
}

void scanned_report_no_process(const struct snapshot *snapshot, uint32_t ns, const char *word, char **argv)
{
	const char *type = ns_type_name(snapshot->namespaces[ns].type);
	uintmax_t ino = snapshot->namespaces[ns].ino;
	struct error note;

	error_set(&note, ENOENT, "no process is in %s:[%ju]", type, ino);
	if (is_plain(word))
		error_hint(&note, "`nsctl why %s` shows what keeps it", word);
	else
		error_hint(&note, "`nsctl why '%s:[%ju]'` shows what keeps it", type, ino);
	cmd_fail(argv, &note, 0);
}
