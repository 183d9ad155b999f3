/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The same facts as the page of a container, as JSON. */
#include <arpa/inet.h>
#include <stdio.h>

#include "cmd/show.h"
#include "proc/capability_names.h"

static void write_text_or_null(struct json *json, const char *key, const char *text)
{
	if (text && text[0])
		json_add_text(json, key, text);
	else
		json_add_null(json, key);
}

static void write_state(struct json *json, const struct container_description *details)
{
	static const char *const words[] = {
	    [CONTAINER_UNKNOWN] = NULL,    [CONTAINER_RUNNING] = "running", [CONTAINER_PAUSED] = "paused",
	    [CONTAINER_FROZEN] = "frozen", [CONTAINER_STOPPED] = "stopped", [CONTAINER_ENDED] = "ended",
	};

	write_text_or_null(json, "state", words[details->use.state]);
	json_add_number_or_null(json, "age", details->has_age, details->age);
	json_add_answer(json, "sandbox", details->container->is_sandbox);
	write_text_or_null(json, "space", details->container->space);
	write_text_or_null(json, "cgroup", details->use.path);
	json_add_answer(json, "cgroup_shared", details->use.is_shared);
}

/* Opens the object, which stays open for what else there is of it. */
static void open_resource(struct json *json, const char *key, const char *used, const char *limit,
			  const struct container_resource *resource)
{
	json_open_object(json, key);
	json_add_number_or_null(json, used, resource->reason == 0, resource->used);
	json_add_number_or_null(json, limit, resource->limit != RESOURCE_UNLIMITED, resource->limit);
	write_text_or_null(json, "limit_cgroup", resource->limit_path);
}

static void write_use(struct json *json, const struct container_use *use)
{
	open_resource(json, "memory", "used", "limit", &use->memory);
	json_add_number_or_null(json, "oom_kills", use->oom_reason == 0, use->oom_kills);
	json_close(json);
	open_resource(json, "pids", "used", "limit", &use->pids);
	json_close(json);
	open_resource(json, "cpu", "used_usec", "limit_millicpus", &use->cpu);
	json_add_number_or_null(json, "throttled", use->throttled_reason == 0, use->throttled);
	json_add_number_or_null(json, "throttled_usec", use->throttled_reason == 0, use->throttled_usec);
	json_close(json);
}

static void write_set(struct json *json, const char *key, bool is_known, uint64_t set)
{
	if (!is_known) {
		json_add_null(json, key);
		return;
	}
	json_open_array(json, key);
	for (unsigned int i = 0; i < 64; i++) {
		const char *name = capability_name(i);
		char number[16];

		if (!(set & UINT64_C(1) << i))
			continue;
		snprintf(number, sizeof(number), "CAP_%u", i);
		json_add_text(json, NULL, name ? name : number);
	}
	json_close(json);
}

static void write_confinement(struct json *json, const struct container_confinement *confinement)
{
	static const char *const modes[] = {"none", "strict", "filter"};
	bool is_known = confinement->reason == 0;
	bool has_mode = is_known && confinement->seccomp < sizeof(modes) / sizeof(modes[0]);

	json_open_object(json, "capabilities");
	write_set(json, "effective", is_known, confinement->effective);
	write_set(json, "bounding", is_known, confinement->bounding);
	write_set(json, "host", true, confinement->host);
	json_close(json);
	write_text_or_null(json, "seccomp", has_mode ? modes[confinement->seccomp] : NULL);
	if (is_known)
		json_add_answer(json, "no_new_privs", confinement->no_new_privs);
	else
		json_add_null(json, "no_new_privs");
	write_text_or_null(json, "label", confinement->label_reason == 0 ? confinement->label : NULL);
}

static void write_addresses(struct json *json, const struct container_addresses *addresses)
{
	if (addresses->reason != 0 || addresses->shares_namespace) {
		json_add_null(json, "addresses");
		return;
	}
	json_open_array(json, "addresses");
	for (size_t i = 0; i < addresses->count; i++) {
		const struct container_address *address = &addresses->items[i];
		char text[INET6_ADDRSTRLEN];

		json_open_object(json, NULL);
		json_add_text(json, "interface", address->interface);
		json_add_text(json, "address",
			      inet_ntop(address->family, address->bytes, text, sizeof(text)));
		json_add_number(json, "prefix", address->prefix);
		json_close(json);
	}
	json_close(json);
}

static void write_root(struct json *json, const struct container_mounts *mounts)
{
	if (mounts->reason != 0 || !mounts->root_type) {
		json_add_null(json, "root");
		return;
	}
	json_open_object(json, "root");
	write_text_or_null(json, "path", mounts->root);
	json_add_text(json, "type", mounts->root_type);
	json_add_answer(json, "read_only", mounts->root_is_read_only);
	json_close(json);
}

static void write_mounts(struct json *json, const struct container_mounts *mounts)
{
	static const char *const kinds[] = {
	    [HOST_FILES] = "files",
	    [HOST_ENGINE] = "engine",
	    [HOST_DEVICE] = "device",
	    [HOST_CGROUP] = "cgroup",
	};

	if (mounts->reason != 0 || mounts->shares_namespace) {
		json_add_null(json, "host_mounts");
		return;
	}
	json_open_array(json, "host_mounts");
	for (size_t i = 0; i < mounts->count; i++) {
		const struct host_mount *mount = &mounts->items[i];

		json_open_object(json, NULL);
		json_add_text(json, "source", mount->source);
		json_add_text(json, "point", mount->point);
		json_add_answer(json, "read_only", mount->is_read_only);
		json_add_text(json, "kind", kinds[mount->kind]);
		json_add_answer(json, "nested", mount->is_nested);
		json_close(json);
	}
	json_close(json);
}

void show_write_details(struct json *json, const struct container_description *details)
{
	json_open_object(json, "details");
	write_state(json, details);
	write_use(json, &details->use);
	write_root(json, &details->mounts);
	write_confinement(json, &details->confinement);
	write_addresses(json, &details->addresses);
	write_mounts(json, &details->mounts);
	json_close(json);
}
