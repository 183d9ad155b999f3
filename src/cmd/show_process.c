#include <stdio.h>
#include <string.h>

#include "cmd/fact_columns.h"
#include "cmd/fields.h"
#include "cmd/reason.h"
#include "cmd/show.h"
#include "table/json.h"

static const char *kind_of(const struct process_description *description)
{
	if (description->is_kernel_thread)
		return "kernel thread";
	if (description->status.state == 'Z')
		return "zombie";
	return description->status.tgid == description->pid ? "process" : "thread";
}

static void print_nspid(const struct process_status *status)
{
	printf("  %-12s", "NSpid");
	for (size_t i = 0; i < status->nspid_count; i++)
		printf(" %d", status->nspid[i]);
	putchar('\n');
}

static void print_heading(const struct process_description *description)
{
	const struct process_status *status = &description->status;

	printf("%s %d\n", kind_of(description), description->pid);
	field_print("name", "%s", description->comm);
	field_print("state", "%c", status->state);
	if (status->tgid != description->pid)
		field_print("process", "%d", status->tgid);
	field_print("parent", "%d", status->ppid);
	field_print("user, group", "%u %u", status->euid, status->egid);
	if (status->nspid_count > 0)
		print_nspid(status);
	field_print_map("uid map", &description->uid_map, description->uid_map_reason);
	field_print_map("gid map", &description->gid_map, description->gid_map_reason);
}

/* Prints the links of a thread that differ from those of its process. */
static void print_thread(const struct thread_description *thread,
			 const struct process_description *description)
{
	char text[768];
	size_t length = (size_t)snprintf(text, sizeof(text), "%d (%s)", thread->tid, thread->comm);

	for (enum ns_link link = 0; link < NS_LINK_COUNT && length < sizeof(text); link++) {
		if (thread->links.reason[link] != 0 ||
		    thread->links.ino[link] == description->links[link].ino)
			continue;
		length += (size_t)snprintf(text + length, sizeof(text) - length, " %s:[%ju]",
					   ns_link_name(link), (uintmax_t)thread->links.ino[link]);
	}
	field_print("thread apart", "%s", text);
}

static json_t *nspid_to_json(const struct process_status *status)
{
	json_t *chain = json_array();

	for (size_t i = 0; chain && i < status->nspid_count; i++)
		json_array_append_new(chain, json_integer(status->nspid[i]));
	return chain;
}

static json_t *threads_to_json(const struct process_description *description)
{
	json_t *threads = json_array();

	for (size_t i = 0; threads && i < description->thread_count; i++) {
		const struct thread_description *thread = &description->threads[i];
		json_t *links = json_object();

		for (enum ns_link link = 0; links && link < NS_LINK_COUNT; link++)
			json_object_set_new(links, ns_link_name(link),
					    thread->links.reason[link]
						? json_null()
						: json_integer((json_int_t)thread->links.ino[link]));
		json_array_append_new(threads, json_pack("{s:i, s:o, s:o}", "tid", thread->tid, "name",
							 json_safe_string(thread->comm), "links", links));
	}
	return threads;
}

static int print_process_json(const struct process_description *description, const struct table *table,
			      struct error *err)
{
	const struct process_status *status = &description->status;
	char state[2] = {status->state, '\0'};
	size_t denied = process_description_denied(description);
	json_t *object = json_pack(
	    "{s:i, s:s, s:o, s:s, s:i, s:i, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "pid", description->pid,
	    "kind", kind_of(description), "name", json_safe_string(description->comm), "state", state, "tgid",
	    status->tgid, "ppid", status->ppid, "euid", (json_int_t)status->euid, "egid",
	    (json_int_t)status->egid, "nspid", nspid_to_json(status), "uid_map",
	    field_map_to_json(&description->uid_map, description->uid_map_reason), "gid_map",
	    field_map_to_json(&description->gid_map, description->gid_map_reason), "namespaces",
	    table_to_json(table), "threads_apart", threads_to_json(description));

	if (object && denied > 0)
		json_add_warning(object, "%zu of %d links could not be read", denied, NS_LINK_COUNT);
	return json_print(object, err);
}

static int print_process_text(const struct process_description *description, const struct table *table,
			      const struct table_options *options, struct error *err)
{
	if (!options->raw) {
		print_heading(description);
		for (size_t i = 0; i < description->thread_count; i++)
			print_thread(&description->threads[i], description);
		putchar('\n');
	}
	return table_print(table, err);
}

int show_process(const struct process_description *description, const struct table_options *options,
		 struct error *err)
{
	AUTO_TABLE struct table *table = table_new(&fact_layout, options, err);
	int ret = table ? 0 : -err->number;

	for (enum ns_link link = 0; link < NS_LINK_COUNT && ret == 0; link++)
		ret = fact_columns_add(table, ns_link_name(link), &description->links[link], err);
	if (ret < 0)
		return ret;
	return options->json ? print_process_json(description, table, err)
			     : print_process_text(description, table, options, err);
}
