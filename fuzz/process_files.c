/* What procfs and a hostile /etc/passwd may hold. */
#include "input.h"
#include "proc/mountinfo.h"
#include "proc/passwd.h"
#include "proc/process.h"
#include "proc/status.h"

static void parse_map(const char *text)
{
	static struct id_map map; /* too large for the stack of a fuzzer */
	uint32_t inside;
	uint32_t outside;

	if (id_map_parse(text, &map) < 0)
		return;
	if (map.count > ID_MAP_MAX)
		abort();
	for (size_t i = 0; i < map.count; i++) {
		if (map.ranges[i].count == 0)
			continue;
		if (!id_map_to_outside(&map, map.ranges[i].inside, &outside) ||
		    !id_map_to_inside(&map, map.ranges[i].outside, &inside))
			abort();
	}
}

static void parse_passwd(const char *text)
{
	struct user user;

	if (!user_parse(text, 0, &user))
		return;
	if (!memchr(user.name, '\0', sizeof(user.name)) || !memchr(user.shell, '\0', sizeof(user.shell)) ||
	    strpbrk(user.name, ":\n") || strpbrk(user.shell, ":\n"))
		abort();
}

/* In place: the strings must lie within the line. */
static void parse_mountinfo(const char *text)
{
	char *line = strdup(text);
	const char *end = line + strlen(line);
	struct mountinfo_line parsed;

	if (mountinfo_parse(line, &parsed)) {
		const char *const parts[] = {parsed.root, parsed.point, parsed.fstype, parsed.options};

		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
			if (parts[i] < line || parts[i] + strlen(parts[i]) > end)
				abort();
		}
	}
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = to_text(data, size);
	struct process_status status;
	struct process_stat stat;
	enum ns_type type;
	ino_t ino;

	if (process_parse_link(text, &type, &ino) && (type >= NS_TYPE_COUNT || ino == 0))
		abort();
	if (process_parse_status(text, &status) == 0 && status.nspid_count > STATUS_NSPID_MAX)
		abort();
	process_status_free(&status);
	if (process_parse_stat(text, &stat) == 0 && stat.state == '\0')
		abort();
	parse_map(text);
	parse_mountinfo(text);
	parse_passwd(text);
	free(text);
	return 0;
}
