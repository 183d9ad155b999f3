/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/oci.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "container/json_skim.h"
#include "container/oci_json.h"
#include "container/oci_seccomp.h"
#include "proc/capability_names.h"

/* The umask of programs, unless the configuration has one: runc and crun set it. */
#define DEFAULT_UMASK 0022

/* The largest number means "no id" to the kernel. */
#define ID_MAX (UINT32_MAX - 1)

static int set_no_memory(struct error *err)
{
	return error_set_errno(err, ENOMEM, "cannot read the OCI configuration");
}

static int refuse_missing(const char *what, struct error *err)
{
	return error_set(err, EPROTO, "the OCI configuration has no %s", what);
}

static int read_groups(const struct oci_node *user, struct settings *settings, struct error *err)
{
	const json_t *array = NULL;
	int ret = oci_get_array(user, "additionalGids", &array, err);

	if (ret <= 0)
		return ret;
	if (json_array_size(array) > NGROUPS_MAX)
		return oci_refuse(user, "additionalGids", "an array of at most 65,536 ids", err);
	settings->groups = calloc(json_array_size(array) + 1, sizeof(*settings->groups));
	if (!settings->groups)
		return set_no_memory(err);
	for (size_t i = 0; i < json_array_size(array); i++) {
		uint64_t gid;

		if (!oci_to_number(json_array_get(array, i), ID_MAX, &gid))
			return oci_refuse(user, "additionalGids", "an array of ids", err);
		settings->groups[settings->group_count++] = (gid_t)gid;
	}
	return 0;
}

static int read_user(const struct oci_node *process, struct settings *settings, struct error *err)
{
	struct oci_node user = {.path = "process.user"};
	uint64_t umask = DEFAULT_UMASK;
	uint64_t uid;
	uint64_t gid;
	int ret = oci_get_object(process, "user", &user.value, err);

	if (ret == 0)
		return refuse_missing(user.path, err);
	if (ret > 0)
		ret = oci_get_number(&user, "uid", ID_MAX, &uid, err);
	if (ret == 0)
		return refuse_missing("process.user.uid", err);
	if (ret > 0)
		ret = oci_get_number(&user, "gid", ID_MAX, &gid, err);
	if (ret == 0)
		return refuse_missing("process.user.gid", err);
	if (ret > 0)
		ret = oci_get_number(&user, "umask", 0777, &umask, err);
	if (ret < 0)
		return ret;
	settings->uid = (uid_t)uid;
	settings->gid = (gid_t)gid;
	settings->umask = (mode_t)umask;
	settings->has_umask = true;
	return read_groups(&user, settings, err);
}

static int read_cwd(const struct oci_node *process, struct settings *settings, struct error *err)
{
	const char *cwd = NULL;
	int ret = oci_get_string(process, "cwd", &cwd, err);

	if (ret < 0)
		return ret;
	if (!cwd || cwd[0] != '/')
		return oci_refuse(process, "cwd", "an absolute path", err);
	settings->cwd = strdup(cwd);
	return settings->cwd ? 0 : set_no_memory(err);
}

static int join_strings(const struct oci_node *array, char *text, size_t *length, struct error *err)
{
	*length = 0;
	for (size_t i = 0; i < json_array_size(array->value); i++) {
		const char *string = oci_string_at(array, i, err);

		if (!string)
			return -EPROTO;
		if (text)
			memcpy(text + *length, string, strlen(string) + 1);
		*length += strlen(string) + 1;
	}
	return 0;
}

static int read_env(const struct oci_node *process, struct settings *settings, struct error *err)
{
	struct oci_node array = {.path = "process.env"};
	size_t length;
	char *text;
	int ret = oci_get_array(process, "env", &array.value, err);

	if (ret < 0 || join_strings(&array, NULL, &length, err) < 0)
		return -EPROTO;
	text = malloc(length + 1);
	if (!text)
		return set_no_memory(err);
	join_strings(&array, text, &length, err);
	return settings_set_variables(settings, text, length) < 0 ? set_no_memory(err) : 0;
}

/* The configuration may be newer than the kernel or nsctl. */
static int note_capability(const char *name, struct missing *missing, struct error *err)
{
	error_set(err, EINVAL, "the OCI configuration has a capability that is not known: '%.64s'", name);
	return missing_note(missing, err);
}

static int read_set(const struct oci_node *array, uint64_t *set, struct missing *missing, struct error *err)
{
	for (size_t i = 0; i < json_array_size(array->value); i++) {
		const char *name = oci_string_at(array, i, err);
		unsigned int capability;

		if (!name)
			return -EPROTO;
		if (capability_find(name, &capability))
			*set |= 1ULL << capability;
		else if (note_capability(name, missing, err) < 0)
			return -err->number;
	}
	return 0;
}

static int read_capabilities(const struct oci_node *process, struct settings *settings,
			     struct missing *missing, struct error *err)
{
	static const char *const keys[CAPABILITY_SET_COUNT] = {
	    [CAPABILITIES_BOUNDING] = "bounding",   [CAPABILITIES_EFFECTIVE] = "effective",
	    [CAPABILITIES_PERMITTED] = "permitted", [CAPABILITIES_INHERITABLE] = "inheritable",
	    [CAPABILITIES_AMBIENT] = "ambient",
	};
	struct oci_node sets = {.path = "process.capabilities"};
	int ret = oci_get_object(process, "capabilities", &sets.value, err);

	for (size_t i = 0; i < CAPABILITY_SET_COUNT && ret >= 0; i++) {
		struct oci_node array = {.path = keys[i]};

		ret = oci_get_array(&sets, keys[i], &array.value, err);
		if (ret > 0)
			ret = read_set(&array, &settings->capabilities[i], missing, err);
	}
	/* The kernel refuses others (capabilities(7)), and runtimes pass over that. */
	settings->capabilities[CAPABILITIES_AMBIENT] &=
	    settings->capabilities[CAPABILITIES_PERMITTED] & settings->capabilities[CAPABILITIES_INHERITABLE];
	return ret < 0 ? ret : 0;
}

static int read_limit(const struct oci_node *entry, struct settings *settings, struct missing *missing,
		      struct error *err)
{
	const char *name = NULL;
	unsigned int resource;
	uint64_t soft;
	uint64_t hard;

	if (oci_get_string(entry, "type", &name, err) < 0 ||
	    oci_get_number(entry, "soft", UINT64_MAX, &soft, err) < 0 ||
	    oci_get_number(entry, "hard", UINT64_MAX, &hard, err) < 0)
		return -err->number;
	if (!name || !json_object_get(entry->value, "soft") || !json_object_get(entry->value, "hard"))
		return oci_refuse(entry, "", "an array of limits, each with type, soft and hard", err);
	if (!limit_find(name, &resource)) {
		error_set(err, EINVAL, "the OCI configuration has a limit that is not known: '%.64s'", name);
		return missing_note(missing, err);
	}
	if (settings->limits[resource].is_set || soft > hard)
		return oci_refuse(entry, "", "consistent: a type twice, or soft above hard", err);
	settings->limits[resource].limit = (struct rlimit){.rlim_cur = soft, .rlim_max = hard};
	settings->limits[resource].is_set = true;
	return 0;
}

static int read_limits(const struct oci_node *process, struct settings *settings, struct missing *missing,
		       struct error *err)
{
	const json_t *array = NULL;
	int ret = oci_get_array(process, "rlimits", &array, err);

	for (size_t i = 0; i < json_array_size(array) && ret >= 0; i++) {
		struct oci_node entry = {.value = json_array_get(array, i), .path = "process.rlimits"};

		ret = json_is_object(entry.value)
			  ? read_limit(&entry, settings, missing, err)
			  : oci_refuse(process, "rlimits", "an array of objects", err);
	}
	return ret < 0 ? ret : 0;
}

/* A number with a sign. */
static int read_oom_score_adj(const struct oci_node *process, struct settings *settings, struct error *err)
{
	const json_t *value = json_object_get(process->value, "oomScoreAdj");
	json_int_t number = json_integer_value(value);

	if (!value || json_is_null(value))
		return 0;
	if (!json_is_integer(value) || number < -1000 || number > 1000)
		return oci_refuse(process, "oomScoreAdj", "a number in its range", err);
	settings->oom_score_adj = (int)number;
	settings->has_oom_score_adj = true;
	return 0;
}

/* An empty label is none. */
static int read_label(const struct oci_node *process, const char *key, char **label, struct error *err)
{
	const char *text = "";

	if (oci_get_string(process, key, &text, err) < 0)
		return -EPROTO;
	if (!text[0])
		return 0;
	*label = strdup(text);
	return *label ? 0 : set_no_memory(err);
}

/* Fields of the specification that nsctl does not carry out. */
static int note_unsupported(const struct oci_node *object, const char *const *keys, struct missing *missing,
			    struct error *err)
{
	for (; *keys; keys++) {
		const json_t *value = json_object_get(object->value, *keys);

		if (!value || json_is_null(value))
			continue;
		error_set(err, EOPNOTSUPP, "the OCI configuration has %s.%s, which nsctl cannot set",
			  object->path, *keys);
		if (missing_note(missing, err) < 0)
			return -err->number;
	}
	return 0;
}

static int read_process(const struct oci_node *process, struct settings *settings, struct missing *missing,
			struct error *err)
{
	static const char *const unsupported[] = {"scheduler", "ioPriority", "execCPUAffinity", NULL};
	int ret = read_user(process, settings, err);

	if (ret == 0)
		ret = read_cwd(process, settings, err);
	if (ret == 0)
		ret = read_env(process, settings, err);
	if (ret == 0)
		ret = read_capabilities(process, settings, missing, err);
	if (ret == 0)
		ret = read_limits(process, settings, missing, err);
	if (ret == 0)
		ret = read_oom_score_adj(process, settings, err);
	if (ret == 0)
		ret = oci_get_bool(process, "noNewPrivileges", &settings->no_new_privs, err);
	if (ret >= 0)
		ret = read_label(process, "apparmorProfile", &settings->apparmor, err);
	if (ret == 0)
		ret = read_label(process, "selinuxLabel", &settings->selinux, err);
	return ret < 0 ? ret : note_unsupported(process, unsupported, missing, err);
}

static int read_linux(const struct oci_node *linux_node, struct settings *settings, struct missing *missing,
		      struct error *err)
{
	static const char *const unsupported[] = {"personality", "intelRdt", NULL};
	struct oci_node seccomp = {.path = "linux.seccomp"};
	int ret = oci_get_object(linux_node, "seccomp", &seccomp.value, err);

	if (ret > 0)
		ret = oci_read_seccomp(&seccomp, settings, missing, err);
	return ret < 0 ? ret : note_unsupported(linux_node, unsupported, missing, err);
}

/* With crun this replaces the seccomp filter (crun(1)); any value of it changes what a program may do. */
static int note_filter_of_crun(const struct oci_node *top, struct missing *missing, struct error *err)
{
	static const char key[] = "run.oci.seccomp_bpf_data";
	struct oci_node annotations = {.path = "annotations"};
	int ret = oci_get_object(top, annotations.path, &annotations.value, err);

	if (ret <= 0 || !json_object_get(annotations.value, key))
		return ret < 0 ? ret : 0;
	error_set(err, EOPNOTSUPP,
		  "the OCI configuration has the annotation %s, a seccomp filter which nsctl "
		  "cannot load",
		  key);
	return missing_note(missing, err);
}

static int read_config(const json_t *config, struct settings *settings, struct missing *missing,
		       struct error *err)
{
	struct oci_node top = {.value = config, .path = ""};
	struct oci_node process = {.path = "process"};
	struct oci_node linux_node = {.path = "linux"};
	int ret;

	if (!json_is_object(config))
		return oci_refuse(&top, "", "an object", err);
	ret = oci_get_object(&top, "process", &process.value, err);
	if (ret == 0)
		return refuse_missing(process.path, err);
	if (ret > 0)
		ret = oci_get_object(&top, "linux", &linux_node.value, err);
	if (ret >= 0)
		ret = note_filter_of_crun(&top, missing, err);
	if (ret >= 0)
		ret = read_process(&process, settings, missing, err);
	return ret < 0 ? ret : read_linux(&linux_node, settings, missing, err);
}

/* Returns the length of the file's text, or a negative errno with err. */
static ssize_t load_text(int config_fd, char **text, struct error *err)
{
	struct stat st;
	ssize_t length;

	/* A FIFO could have no end. */
	if (fstat(config_fd, &st) < 0 || !S_ISREG(st.st_mode))
		return error_set(err, EPROTO, "the OCI configuration is not a regular file");
	length = file_load_fd(config_fd, OCI_CONFIG_LIMIT, text);
	if (length < 0)
		error_set_errno(err, (int)-length, "cannot read the OCI configuration");
	return length;
}

int settings_read_oci(int config_fd, struct missing *missing, struct settings *settings, struct error *err)
{
	AUTO_FREE char *text = NULL;
	AUTO_JSON json_t *config = NULL;
	ssize_t length = load_text(config_fd, &text, err);

	*settings = (struct settings){0};
	if (length < 0)
		return (int)length;
	config = oci_parse(text, (size_t)length, err);
	return config ? read_config(config, settings, missing, err) : -err->number;
}

/* A seccomp filter is most of the file: it is passed over. */
int settings_read_oci_variables(int config_fd, struct settings *settings, struct error *err)
{
	AUTO_FREE char *text = NULL;
	AUTO_JSON json_t *value = NULL;
	struct oci_node process = {.path = "process"};
	struct json_text part;
	ssize_t length = load_text(config_fd, &text, err);

	*settings = (struct settings){0};
	if (length < 0)
		return (int)length;
	part = json_member(json_whole(text, (size_t)length), process.path);
	if (!part.at)
		return refuse_missing(process.path, err);
	value = oci_parse(part.at, part.length, err);
	if (!value)
		return -err->number;
	if (!json_is_object(value))
		return oci_refuse(&process, "", "an object", err);
	process.value = value;
	return read_env(&process, settings, err);
}
