/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <string.h>

#include "cmd/fact_columns.h"
#include "cmd/fields.h"
#include "cmd/reason.h"
#include "cmd/show.h"

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

/* "web (docker, image alpine:3, pod default/web)" */
static void print_membership(const struct show_membership *membership)
{
	const struct container *container = membership->container;

	if (container)
		field_print("container", "%s (%s%s%s%s%s)", container->name, container_runtime(container),
			    container->image ? ", image " : "", container->image ? container->image : "",
			    container->pod ? ", pod " : "", container->pod ? container->pod : "");
	if (membership->unit[0])
		field_print("unit", "%s", membership->unit);
}

static void print_heading(const struct process_description *description,
			  const struct show_membership *membership)
{
	const struct process_status *status = &description->status;

	printf("%s %d\n", kind_of(description), description->pid);
	field_print("name", "%s", description->comm);
	field_print("state", "%c", status->state);
	if (status->tgid != description->pid)
		field_print("process", "%d", status->tgid);
	field_print("parent", "%d", status->ppid);
	field_print("user, group", "%u %u", status->euid, status->egid);
	print_membership(membership);
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

static void write_nspid(struct json *json, const struct process_status *status)
{
	json_open_array(json, "nspid");
	for (size_t i = 0; i < status->nspid_count; i++)
		json_add_signed(json, NULL, status->nspid[i]);
	json_close(json);
}

static void write_thread(struct json *json, const struct thread_description *thread)
{
	json_open_object(json, NULL);
	json_add_signed(json, "tid", thread->tid);
	json_add_text(json, "name", thread->comm);
	json_open_object(json, "links");
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++)
		json_add_number_or_null(json, ns_link_name(link), thread->links.reason[link] == 0,
					thread->links.ino[link]);
	json_close(json);
	json_close(json);
}

static void write_status(struct json *json, const struct process_description *description)
{
	const struct process_status *status = &description->status;
	const char state[2] = {status->state, '\0'};

	json_add_signed(json, "pid", description->pid);
	json_add_text(json, "kind", kind_of(description));
	json_add_text(json, "name", description->comm);
	json_add_text(json, "state", state);
	json_add_signed(json, "tgid", status->tgid);
	json_add_signed(json, "ppid", status->ppid);
	json_add_number(json, "euid", status->euid);
	json_add_number(json, "egid", status->egid);
	write_nspid(json, status);
	field_write_map(json, "uid_map", &description->uid_map, description->uid_map_reason);
	field_write_map(json, "gid_map", &description->gid_map, description->gid_map_reason);
}

static void write_text_or_null(struct json *json, const char *key, const char *text)
{
	if (text && text[0])
		json_add_text(json, key, text);
	else
		json_add_null(json, key);
}

/* The keys are those of the columns of nsctl ps. */
static void write_membership(struct json *json, const struct show_membership *membership)
{
	const struct container *container = membership->container;

	write_text_or_null(json, "container", container ? container->name : NULL);
	write_text_or_null(json, "container_id", container ? container->id : NULL);
	write_text_or_null(json, "runtime", container ? container_runtime(container) : NULL);
	write_text_or_null(json, "image", container ? container->image : NULL);
	write_text_or_null(json, "pod", container ? container->pod : NULL);
	write_text_or_null(json, "unit", membership->unit);
}

static void write_warning(const char *sentence, void *json)
{
	json_warn(json, "%s", sentence);
}

static int print_process_json(const struct process_description *description,
			      const struct show_membership *membership,
			      const struct container_description *details, const struct table *table,
			      struct error *err)
{
	size_t denied = process_description_denied(description);
	struct json json;

	json_begin(&json);
	write_status(&json, description);
	write_membership(&json, membership);
	if (details)
		show_write_details(&json, details);
	table_write_json(table, &json, "namespaces");
	json_open_array(&json, "threads_apart");
	for (size_t i = 0; i < description->thread_count; i++)
		write_thread(&json, &description->threads[i]);
	json_close(&json);
	if (details)
		show_each_gap(details, write_warning, &json);
	if (denied > 0)
		json_warn(&json, "%zu of %d links could not be read", denied, NS_LINK_COUNT);
	return json_finish(&json, err);
}

static int print_process_text(const struct process_description *description,
			      const struct show_membership *membership,
			      const struct container_description *details, const struct table *table,
			      struct error *err)
{
	if (details)
		show_print_container(description, membership, details);
	else
		print_heading(description, membership);
	for (size_t i = 0; i < description->thread_count; i++)
		print_thread(&description->threads[i], description);
	putchar('\n');
	return table_print(table, err);
}

int show_process(const struct process_description *description, const struct show_membership *membership,
		 const struct container_description *details, const struct table_options *options,
		 struct error *err)
{
	AUTO_TABLE struct table *table = table_new(&fact_layout, options, err);
	int ret = table ? 0 : -err->number;

	for (enum ns_link link = 0; link < NS_LINK_COUNT && ret == 0; link++)
		ret = fact_columns_add(table, ns_link_name(link), &description->links[link], err);
	if (ret < 0)
		return ret;
	if (options->json)
		return print_process_json(description, membership, details, table, err);
	return options->raw ? table_print(table, err)
			    : print_process_text(description, membership, details, table, err);
}
