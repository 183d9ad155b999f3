/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl show web: the page of a container. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cmd/fields.h"
#include "cmd/reason.h"
#include "cmd/show.h"
#include "cmd/wrap.h"
#include "proc/capability_names.h"
#include "table/age.h"
#include "table/quantity.h"

/* Where the values of a page begin, and how wide its lines are at most. */
enum { VALUE_COLUMN = 15, PAGE_WIDTH = 80 };

static void print_origin(const struct show_membership *membership)
{
	const struct container *container = membership->container;

	if (container->user == 0)
		field_print("runtime", "%s", container_runtime(container));
	else
		field_print("runtime", "%s of user %u", container_runtime(container), container->user);
	field_print("id", "%s", container->id);
	if (container->space)
		field_print("namespace", "%s", container->space);
	if (container->image)
		field_print("image", "%s", container->image);
	if (container->pod)
		field_print("pod", "%s%s", container->pod,
			    container->is_sandbox ? ", whose namespaces it holds" : "");
	if (membership->unit[0])
		field_print("unit", "%s", membership->unit);
}

static void print_state(const struct container_description *details)
{
	static const char *const words[] = {
	    [CONTAINER_UNKNOWN] = "unknown", [CONTAINER_RUNNING] = "running",
	    [CONTAINER_PAUSED] = "paused",   [CONTAINER_FROZEN] = "frozen by another cgroup",
	    [CONTAINER_STOPPED] = "stopped", [CONTAINER_ENDED] = "ended",
	};
	char age[32];

	age_format(details->age, age, sizeof(age));
	if (details->has_age)
		field_print("state", "%s, started %s ago", words[details->use.state], age);
	else
		field_print("state", "%s", words[details->use.state]);
}

typedef void format_fn(uint64_t value, char *text, size_t size);

struct resource_words {
	const char *key;
	const char *unit; /* behind the limit */
	format_fn *format_used;
	format_fn *format_limit;
};

/* more: what else there is to say of it; "": nothing. */
static void print_resource(const struct container_resource *resource, const struct resource_words *words,
			   const char *more)
{
	char used[32];
	char use[48];
	char limit[32];

	words->format_used(resource->used, used, sizeof(used));
	snprintf(use, sizeof(use), "%s used", used);
	if (resource->reason != 0)
		snprintf(use, sizeof(use), "use %s",
			 reason_is_denial(resource->reason) ? "denied" : "unknown");
	words->format_limit(resource->limit, limit, sizeof(limit));
	if (resource->limit == RESOURCE_UNLIMITED)
		field_print(words->key, "%s, no limit%s", use, more);
	else
		field_print(words->key, "%s, limit %s%s%s%s%s", use, limit, words->unit,
			    resource->is_limit_above ? " by " : "",
			    resource->is_limit_above ? resource->limit_path : "", more);
}

static void print_use(const struct container_use *use)
{
	static const struct resource_words memory = {"memory", "", quantity_format_bytes,
						     quantity_format_bytes};
	static const struct resource_words pids = {"pids", "", quantity_format_count, quantity_format_count};
	static const struct resource_words cpu = {"cpu", " CPU", quantity_format_usec,
						  quantity_format_processors};
	char more[128] = "";
	char time[32];

	field_print("cgroup", "%s%s", use->path ? use->path : "unknown",
		    use->is_shared ? " (shared with other processes)" : "");
	if (use->oom_reason == 0 && use->oom_kills > 0)
		snprintf(more, sizeof(more), "; OOM kills: %" PRIu64, use->oom_kills);
	print_resource(&use->memory, &memory, more);
	print_resource(&use->pids, &pids, "");
	more[0] = '\0';
	quantity_format_usec(use->throttled_usec, time, sizeof(time));
	if (use->throttled_reason == 0 && use->throttled > 0)
		snprintf(more, sizeof(more), "; throttled %" PRIu64 " times, %s", use->throttled, time);
	print_resource(&use->cpu, &cpu, more);
}

static void print_root(const struct container_mounts *mounts)
{
	const char *mode = mounts->root_is_read_only ? "read-only" : "writable";

	if (mounts->reason != 0)
		field_print("root", "%s", reason_word(mounts->reason));
	else if (!mounts->root_type)
		field_print("root", "unknown");
	else
		field_print("root", "%s (%s, %s)", mounts->root ? mounts->root : "its own file system",
			    mounts->root_type, mode);
}

/* The names of the bits that are set, in lower case and without "CAP_". */
static void format_capabilities(uint64_t set, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < 64 && length < size; i++) {
		const char *name = capability_name(i);

		if (!(set & UINT64_C(1) << i))
			continue;
		if (name)
			length += (size_t)snprintf(text + length, size - length, "%s%s", length ? " " : "",
						   name + strlen("CAP_"));
		else
			length +=
			    (size_t)snprintf(text + length, size - length, "%s%u", length ? " " : "", i);
	}
	for (char *letter = text; *letter; letter++)
		*letter = text_to_lower(*letter);
}

/* Says the shorter of what it has and what it lacks. */
static void print_capabilities(const char *key, uint64_t set, uint64_t host, bool is_apart)
{
	const char *where = is_apart ? " in its user namespace" : "";
	int count = __builtin_popcountll(set & host);
	int all = __builtin_popcountll(host);
	bool says_missing = count > all / 2;
	char names[1024];
	char head[80];

	if (count == 0 || count == all) {
		field_print(key, "%s%s%s", count == 0 ? "none" : "all", count == 0 ? "" : where,
			    count == 0 || is_apart ? "" : ": it is privileged");
		return;
	}
	snprintf(head, sizeof(head), "%d of %d%s%s", count, all, where, says_missing ? ", all but:" : ":");
	format_capabilities(says_missing ? host & ~set : set & host, names, sizeof(names));
	printf("  %-12s %s", key, head);
	wrap_print(names, VALUE_COLUMN + strlen(head), VALUE_COLUMN, PAGE_WIDTH);
	putchar('\n');
}

static void print_confinement(const struct container_confinement *confinement, bool is_apart)
{
	static const char *const modes[] = {"none", "strict", "filter"};
	bool is_known_mode = confinement->seccomp < sizeof(modes) / sizeof(modes[0]);

	if (confinement->reason != 0) {
		field_print("capabilities", "%s", reason_word(confinement->reason));
	} else {
		print_capabilities("capabilities", confinement->effective, confinement->host, is_apart);
		if (confinement->bounding == confinement->effective)
			field_print("bounding set", "the same");
		else
			print_capabilities("bounding set", confinement->bounding, confinement->host,
					   is_apart);
		field_print("seccomp", "%s", is_known_mode ? modes[confinement->seccomp] : "unknown");
		field_print("no_new_privs", "%s", confinement->no_new_privs ? "yes" : "no");
	}
	if (confinement->label_reason == 0)
		field_print("label", "%s", confinement->label);
	else
		field_print("label", "%s",
			    confinement->label_reason == EINVAL ? "none"
								: reason_word(confinement->label_reason));
}

static void print_user_ns(const struct process_description *description)
{
	const struct ns_facts *facts = &description->links[NS_LINK_USER];

	if (facts->ino_reason != 0)
		field_print("user ns", "%s", reason_word(facts->ino_reason));
	else if (facts->has_caller)
		field_print("user ns", "the caller's");
	else
		field_print("user ns", "its own");
	if (facts->has_caller)
		return;
	field_print_map("uid map", &description->uid_map, description->uid_map_reason);
	field_print_map("gid map", &description->gid_map, description->gid_map_reason);
}

/* Every container has the same addresses of its loopback interface. */
static bool is_loopback(const struct container_address *address)
{
	struct in6_addr of_version_6;

	if (address->family == AF_INET)
		return address->bytes[0] == 127;
	memcpy(&of_version_6, address->bytes, sizeof(of_version_6));
	return IN6_IS_ADDR_LOOPBACK(&of_version_6);
}

static void print_addresses(const struct container_addresses *addresses)
{
	size_t shown = 0;

	if (addresses->reason != 0 || addresses->shares_namespace) {
		field_print("addresses", "%s",
			    addresses->reason ? reason_word(addresses->reason)
					      : "the caller's: it shares the net namespace");
		return;
	}
	for (size_t i = 0; i < addresses->count; i++) {
		const struct container_address *address = &addresses->items[i];
		char text[INET6_ADDRSTRLEN];

		if (is_loopback(address) || !inet_ntop(address->family, address->bytes, text, sizeof(text)))
			continue;
		field_print(shown++ ? "" : "addresses", "%s %s/%u", address->interface, text,
			    address->prefix);
	}
	if (shown == 0)
		field_print("addresses", "none but those of loopback");
}

/* Engines mask files of /proc by /dev/null, and mount cgroups so that they can only be read. */
static bool is_usual(const struct host_mount *mount)
{
	switch (mount->kind) {
	case HOST_ENGINE:
		return true;
	case HOST_DEVICE:
		return strcmp(mount->source, mount->point) == 0;
	case HOST_CGROUP:
		return mount->is_read_only;
	default:
		return false;
	}
}

static bool is_mask(const struct host_mount *mount)
{
	return mount->kind == HOST_DEVICE && strcmp(mount->source, "/dev/null") == 0 && !is_usual(mount);
}

/* Those that many containers have are on one line: files such as /etc/hosts, devices. */
static void print_usual_mounts(const struct container_mounts *mounts, enum host_mount_kind kind,
			       const char *key)
{
	size_t column = 0;

	for (size_t i = 0; i < mounts->count; i++) {
		const struct host_mount *mount = &mounts->items[i];
		char safe[4 * PATH_MAX];
		size_t length;

		if (mount->kind != kind || !is_usual(mount))
			continue;
		length = text_escape(mount->point, strlen(mount->point), safe, sizeof(safe)) + 1;
		if (column == 0 || column + length >= PAGE_WIDTH) {
			printf("%s  %-12s", column ? "\n" : "", column ? "" : key);
			column = VALUE_COLUMN - 1;
		}
		printf(" %s", safe);
		column += length;
	}
	if (column > 0)
		putchar('\n');
}

/* "/srv on /data (ro; 3 mounts below it, 1 of them rw)" */
static void print_mount(const struct host_mount *mount, const char *key)
{
	char below[80] = "";

	if (mount->nested > 0)
		snprintf(below, sizeof(below), "; %zu %s below it, %zu of them rw", mount->nested,
			 mount->nested == 1 ? "mount" : "mounts", mount->nested_writable);
	field_print(key, "%s on %s (%s%s)", mount->source, mount->point, mount->is_read_only ? "ro" : "rw",
		    below);
}

static void print_mounts(const struct container_mounts *mounts)
{
	size_t shown = 0;

	if (mounts->reason != 0 || mounts->shares_namespace) {
		field_print("from host", "%s",
			    mounts->reason ? reason_word(mounts->reason)
					   : "all: it shares the mnt namespace");
		return;
	}
	for (size_t i = 0; i < mounts->count; i++) {
		const struct host_mount *mount = &mounts->items[i];

		if (!is_usual(mount) && !is_mask(mount) && !mount->is_nested)
			print_mount(mount, shown++ ? "" : "from host");
	}
	if (shown == 0)
		field_print("from host", "no mounts");
	print_usual_mounts(mounts, HOST_ENGINE, "its engine's");
	print_usual_mounts(mounts, HOST_DEVICE, "devices");
	print_usual_mounts(mounts, HOST_CGROUP, "cgroups, ro");
}

void show_print_container(const struct process_description *description,
			  const struct show_membership *membership,
			  const struct container_description *details)
{
	bool is_apart = !description->links[NS_LINK_USER].has_caller;
	char name[1024];

	text_escape(membership->container->name, strlen(membership->container->name), name, sizeof(name));
	printf("container %s\n", name);
	print_origin(membership);
	print_state(details);
	field_print("init", "%d (%s), user %u, group %u", description->pid, description->comm,
		    description->status.euid, description->status.egid);
	print_use(&details->use);
	print_root(&details->mounts);
	print_confinement(&details->confinement, is_apart);
	print_user_ns(description);
	print_addresses(&details->addresses);
	print_mounts(&details->mounts);
}

void show_each_gap(const struct container_description *details,
		   void (*warn)(const char *sentence, void *context), void *context)
{
	const struct {
		const char *what;
		int reason;
	} parts[] = {
	    {"capabilities and confinement", details->confinement.reason},
	    {"mounts", details->mounts.reason},
	    {"addresses", details->addresses.reason},
	};
	char sentence[256];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].reason == 0)
			continue;
		snprintf(sentence, sizeof(sentence), "the %s of the container could not be read: %s",
			 parts[i].what, strerror(parts[i].reason));
		warn(sentence, context);
	}
	if (details->addresses.has_more) {
		snprintf(sentence, sizeof(sentence), "only the first %d addresses are listed", ADDRESSES_MAX);
		warn(sentence, context);
	}
}
