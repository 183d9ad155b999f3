#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "target/target.h"

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Whether ip-netns(8) keeps a namespace by this name. */
static bool is_netns_name(const char *name)
{
	char path[sizeof("/run/netns/") + NAME_MAX];

	if (name[0] == '\0' || name[0] == '.' || strchr(name, '/'))
		return false;
	return (size_t)snprintf(path, sizeof(path), "/run/netns/%s", name) < sizeof(path) &&
	       access(path, F_OK) == 0;
}

static bool is_file_name(const char *text)
{
	return text[0] && text[0] != '-' && text[0] != '.' && !strchr(text, '/') && access(text, F_OK) == 0;
}

/* TYPE:WORD, where it lacks the brackets or names a file of ip-netns(8). */
static bool hint_behind_colon(const char *text, struct error *err)
{
	const char *colon = strchr(text, ':');
	const char *word = colon ? colon + 1 : NULL;
	enum ns_type type;
	uint64_t number;

	if (!colon || !ns_type_from_any_name(text, (size_t)(colon - text), &type))
		return false;
	if (type == NS_NET && is_netns_name(word))
		error_hint(err, "did you mean 'netns:%.256s'?", word);
	else if (!text_parse_number(word, UINT32_MAX, &number) || number == 0)
		return false;
	else if (number > PROCESS_PID_MAX)
		error_hint(err, "did you mean '%s:[%ju]'?", ns_type_name(type), (uintmax_t)number);
	else
		error_hint(err, "did you mean '/proc/%ju/ns/%s'?", (uintmax_t)number, ns_type_name(type));
	return true;
}

/* What a word that is no target was meant to be.  Only names are looked up, nothing is opened. */
static int refuse(const char *text, struct error *err)
{
	enum ns_type type;

	error_set(err, EINVAL, "'%.400s' is not a target", text);
	if (is_netns_name(text))
		return error_hint(err, "did you mean 'netns:%.256s'?", text);
	if (is_file_name(text))
		return error_hint(err, "did you mean './%.256s'? a file is ./NAME where it has no slash",
				  text);
	if (ns_type_from_any_name(text, strlen(text), &type))
		return error_hint(err, "did you mean 'nsctl list -t %s'?", ns_type_name(type));
	if (hint_behind_colon(text, err))
		return -EINVAL;
	return error_hint(err, "a target is a PID, self, net:[INODE], :ID, netns:NAME, or a file, "
			       "./NAME where it has no slash");
}

static int parse_number(const char *text, struct target *target, struct error *err)
{
	uint64_t number;

	if (!text_parse_number(text, UINT32_MAX, &number) || number == 0)
		return refuse(text, err);
	if (number <= PROCESS_PID_MAX) {
		target->kind = TARGET_PROCESS;
		target->pid = (pid_t)number;
	} else {
		target->kind = TARGET_NS_INODE;
		target->types = NS_TYPE_SET_ALL;
		target->ino = number;
	}
	return 0;
}

/* "1234:5678": a process and its pidfd's inode. */
static int parse_pinned_process(const char *text, struct target *target, struct error *err)
{
	const char *colon = strchr(text, ':');
	char digits[16];
	uint64_t number;
	size_t length = (size_t)(colon - text);

	if (length >= sizeof(digits))
		return refuse(text, err);
	memcpy(digits, text, length);
	digits[length] = '\0';
	if (!text_parse_number(digits, PROCESS_PID_MAX, &number) || number == 0 ||
	    !text_parse_number(colon + 1, UINT64_MAX, &target->pidfd_inode) || target->pidfd_inode == 0)
		return refuse(text, err);
	target->kind = TARGET_PROCESS;
	target->pid = (pid_t)number;
	return 0;
}

static int parse_id(const char *text, struct target *target, struct error *err)
{
	if (!text_parse_number(text + 1, UINT64_MAX, &target->id) || target->id == 0)
		return refuse(text, err);
	target->kind = TARGET_NS_ID;
	return 0;
}

static int parse_netns_name(const char *text, struct target *target, struct error *err)
{
	const char *name = text + strlen("netns:");

	if (*name == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strchr(name, '/'))
		return refuse(text, err);
	target->kind = TARGET_NETNS_NAME;
	target->name = name;
	return 0;
}

int target_parse(const char *text, struct target *target, struct error *err)
{
	enum ns_type type;

	*target = (struct target){.text = text};
	if (strcmp(text, "self") == 0) {
		target->kind = TARGET_PROCESS;
		return 0;
	}
	if (process_parse_link(text, &type, &target->ino)) {
		target->kind = TARGET_NS_INODE;
		target->types = 1U << type;
		return 0;
	}
	if (starts_with(text, "netns:"))
		return parse_netns_name(text, target, err);
	if (text[0] == ':')
		return parse_id(text, target, err);
	if (strchr(text, '/')) {
		target->kind = TARGET_FILE;
		target->name = text;
		return 0;
	}
	if (text[0] >= '0' && text[0] <= '9' && strchr(text, ':'))
		return parse_pinned_process(text, target, err);
	return parse_number(text, target, err);
}
