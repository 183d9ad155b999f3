/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/enter_habits.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "target/target.h"

static const struct {
	char letter;
	const char *name;
} options_of[NS_TYPE_COUNT] = {
    [NS_CGROUP] = {'C', "cgroup"}, [NS_IPC] = {'i', "ipc"}, [NS_MNT] = {'m', "mount"},
    [NS_NET] = {'n', "net"},       [NS_PID] = {'p', "pid"}, [NS_TIME] = {'T', "time"},
    [NS_USER] = {'U', "user"},     [NS_UTS] = {'u', "uts"},
};

static bool is_digits(const char *word)
{
	return word[0] && word[strspn(word, "0123456789")] == '\0';
}

static bool is_target(const char *word)
{
	struct target target;
	struct error ignored; /* what else it may be is asked next */

	return target_parse(word, &target, &ignored) == 0;
}

/* A TARGET that is no program's name either, as a path may be. */
static bool is_only_target(const char *word)
{
	return word && !strchr(word, '/') && is_target(word);
}

static bool is_directory_path(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int refuse_terminal(const char *word, struct error *err)
{
	error_set(err, EINVAL, "'%.256s' is not a namespace", word);
	return error_hint(err, "-i is the ipc namespace; the terminal is passed without -it");
}

/* --user 1000 and -u root: who the program is to be. */
static int refuse_user(enum ns_type type, const char *word, struct error *err)
{
	error_set(err, EINVAL, "'%.256s' is not a namespace", word);
	return error_hint(err, "%s is the %s namespace; to become user %.64s: -S %.64s",
			  type == NS_USER ? "--user" : "-u", ns_type_name(type), word, word);
}

/* --net=host: what is not named stays the caller's. */
static int refuse_host(enum ns_type type, struct error *err)
{
	char others[4 * NS_TYPE_COUNT] = "";

	for (enum ns_type other = 0; other < NS_TYPE_COUNT; other++) {
		size_t used = strlen(others);

		if (other != type)
			snprintf(others + used, sizeof(others) - used, " -%c", options_of[other].letter);
	}
	error_set(err, EINVAL, "'host' is not a namespace");
	return error_hint(err, "to keep the caller's %s namespace, name the others:%s", ns_type_name(type),
			  others);
}

/* -mun: what stands behind the first letter is its FILE. */
static int refuse_group(enum ns_type type, const char *word, struct error *err)
{
	char apart[3 * NS_TYPE_COUNT + 1] = "";

	for (const char *at = word; *at; at++) {
		size_t used = strlen(apart);

		snprintf(apart + used, sizeof(apart) - used, " -%c", *at);
	}
	error_set(err, EINVAL, "cannot open '%.256s'", word);
	return error_hint(err, "it stands behind -%c as its FILE; write -%c%s", options_of[type].letter,
			  options_of[type].letter, apart);
}

static bool is_group(const char *word)
{
	return strlen(word) < NS_TYPE_COUNT && word[strspn(word, "CimnpTUu")] == '\0';
}

static bool names_netns(const char *word)
{
	char path[512];

	return word[0] != '.' &&
	       (size_t)snprintf(path, sizeof(path), TARGET_NETNS_DIRECTORY "/%s", word) < sizeof(path) &&
	       access(path, F_OK) == 0;
}

static int refuse_with_file(enum ns_type type, const char *word, const char *directory, const char *behind,
			    struct error *err)
{
	error_set(err, EINVAL, "'%.256s' is not a namespace file", word);
	return error_hint(err, "did you mean --%s=%s%.256s%s?", options_of[type].name, directory, word,
			  behind);
}

/* word: what was meant for the FILE of a namespace option, and is no file. */
static int check_file(enum ns_type type, const char *word, struct error *err)
{
	char link[32];

	if (type == NS_IPC && word[0] && word[strspn(word, "tdeuw")] == '\0' && strchr(word, 't'))
		return refuse_terminal(word, err);
	if (strcmp(word, "host") == 0)
		return refuse_host(type, err);
	if (type == NS_NET && names_netns(word))
		return refuse_with_file(type, word, TARGET_NETNS_DIRECTORY "/", "", err);
	if (type == NS_USER || (type == NS_UTS && (is_digits(word) || strcmp(word, "root") == 0)))
		return refuse_user(type, word, err);
	if (is_digits(word)) {
		snprintf(link, sizeof(link), "/ns/%s", ns_type_name(type));
		return refuse_with_file(type, word, "/proc/", link, err);
	}
	return word[0] && is_group(word) ? refuse_group(type, word, err) : 0;
}

static int check_files(const struct enter_request *request, struct error *err)
{
	int ret = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		const char *file = request->files[type];

		if (file && file[0] != ':' && !strchr(file, '/') && access(file, F_OK) < 0)
			ret = check_file(type, file, err);
	}
	return ret;
}

/* --user 1000 TARGET, --net host TARGET: the word behind the option is not its FILE. */
static int check_first_word(const struct enter_request *request, const char *word, struct error *err)
{
	static const enum ns_type types[] = {NS_USER, NS_UTS, NS_NET, NS_PID, NS_IPC, NS_CGROUP, NS_MNT};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		enum ns_type type = types[i];

		if (!(request->wanted & 1U << type))
			continue;
		if (type == NS_USER || type == NS_UTS) {
			if (is_digits(word) || !is_target(word))
				return refuse_user(type, word, err);
		} else if (strcmp(word, "host") == 0) {
			return refuse_host(type, err);
		}
	}
	return 0;
}

/* -w /tmp TARGET, -r /srv TARGET: their directory stands right behind the letter. */
static int check_directory(const struct enter_options *options, const char *word, struct error *err)
{
	const struct enter_request *request = &options->request;
	char letter = 0;

	if (request->wd.wanted && !request->wd.path)
		letter = 'w';
	else if (options->has_wd_inside && !request->wd_inside)
		letter = 'W';
	else if (request->root.wanted && !request->root.path)
		letter = 'r';
	if (!letter || word[0] != '/' || !is_directory_path(word))
		return 0;
	error_set(err, EINVAL, "'%.256s' is a directory, not a target", word);
	return error_hint(err, "write -%c%.256s, without a blank between", letter, word);
}

static int check_variable(const char *word, struct error *err)
{
	if (!strchr(word, '=') || strchr(word, '/') || word[0] == '=')
		return 0;
	error_set(err, EINVAL, "'%.256s' is not a target", word);
	return error_hint(err, "-e is the target's environment; to set a variable: env %.256s PROGRAM", word);
}

/* Whether an option stands there that can have a value, but was given none. */
static bool may_lack_value(const struct enter_options *options)
{
	const struct enter_request *request = &options->request;

	return request->wanted != 0 || (request->wd.wanted && !request->wd.path) ||
	       (options->has_wd_inside && !request->wd_inside) ||
	       (request->root.wanted && !request->root.path);
}

int enter_check_habits(const struct enter_options *options, char **words, struct error *err)
{
	const struct enter_request *request = &options->request;
	int ret = check_files(request, err);
	bool two_targets;

	if (ret < 0)
		return ret;
	if (options->target && (strcmp(options->target, "i") == 0 || strcmp(options->target, "id") == 0))
		return refuse_terminal(options->target, err);
	if (options->target || options->has_file || !words[0])
		return 0;
	if (request->environment)
		ret = check_variable(words[0], err);
	/* Two targets without a "--": the first was to be an option's value.  Containers are looked up for
	 * that. */
	two_targets =
	    may_lack_value(options) && is_only_target(words[1]) && !(words[2] && strcmp(words[2], "--") == 0);
	if (ret == 0 && two_targets)
		ret = check_directory(options, words[0], err);
	if (ret == 0 && two_targets)
		ret = check_first_word(request, words[0], err);
	return ret;
}
