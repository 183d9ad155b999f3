/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "container/oci_seccomp.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "container/oci_enosys.h"
#include "container/oci_policy.h"

static const struct {
	const char *name;
	uint32_t action; /* without the value that it returns */
	bool has_value;
	bool permits; /* the system call is carried out */
} actions[] = {
    {"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, false, true},
    {"SCMP_ACT_LOG", SCMP_ACT_LOG, false, true},
    {"SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0), true, false},
    {"SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD, false, false},
    {"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, false, false},
    {"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, false, false},
    {"SCMP_ACT_TRAP", SCMP_ACT_TRAP, false, false},
    {"SCMP_ACT_TRACE", SCMP_ACT_TRACE(0), true, false},
};

struct action {
	uint32_t value;
	bool permits;
};

/* The filter while it is read, and what its rules need to know of it. */
struct compilation {
	struct policy policy;
	struct action fallback; /* where no rule fits */
	struct enosys enosys;
	struct missing *missing;
};

/*
 * SCMP_ACT_NOTIFY asks a process that the runtime told of the container's start.  The
 * kernel returns ENOSYS where nobody listens (seccomp(2)).
 */
static int find_unknown(const char *name, struct action *action, struct missing *missing, struct error *err)
{
	*action = (struct action){.value = SCMP_ACT_ERRNO(ENOSYS)};
	if (strcmp(name, "SCMP_ACT_NOTIFY") == 0)
		error_set(err, EOPNOTSUPP, "the seccomp filter asks a listener, which nsctl does not have");
	else
		error_set(err, EINVAL, "the seccomp filter has an action that is not known: '%.64s'", name);
	return missing_note(missing, err);
}

static int find_action(const char *name, uint64_t value, struct action *action, struct missing *missing,
		       struct error *err)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (strcmp(actions[i].name, name) != 0)
			continue;
		action->value = actions[i].action | (actions[i].has_value ? (uint32_t)value : 0);
		action->permits = actions[i].permits;
		return 0;
	}
	return find_unknown(name, action, missing, err);
}

/* Reads an action and the error number that it returns, EPERM unless there is one.  1, 0 or a negative errno.
 */
static int read_action(const struct oci_node *object, const char *key, const char *value_key,
		       struct action *action, struct missing *missing, struct error *err)
{
	const char *name = NULL;
	uint64_t value = EPERM;
	int ret = oci_get_string(object, key, &name, err);

	if (ret <= 0)
		return ret;
	if (oci_get_number(object, value_key, UINT16_MAX, &value, err) < 0)
		return -EPROTO;
	ret = find_action(name, value, action, missing, err);
	return ret < 0 ? ret : 1;
}

/* "SCMP_ARCH_X86_64" is "x86_64" to libseccomp; 0: it is not known. */
static uint32_t find_arch(const char *name)
{
	static const char prefix[] = "SCMP_ARCH_";
	char lower[32];
	size_t i;

	if (strncmp(name, prefix, strlen(prefix)) != 0)
		return 0;
	name += strlen(prefix);
	for (i = 0; name[i] && i < sizeof(lower) - 1; i++)
		lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] - 'A' + 'a' : name[i]);
	lower[i] = '\0';
	return name[i] ? 0 : seccomp_arch_resolve_name(lower);
}

/* Calls of an architecture that the filter does not know end the program: leaving one out is stricter. */
static int add_arch(struct compilation *compilation, const char *name, struct error *err)
{
	uint32_t arch = find_arch(name);
	int ret;

	if (arch == 0) {
		error_set(err, EINVAL, "the seccomp filter has an architecture that is not known: '%.64s'",
			  name);
		return missing_note(compilation->missing, err);
	}
	ret = policy_add_arch(&compilation->policy, arch);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot compile the seccomp filter for '%.64s'", name);
	enosys_add_arch(&compilation->enosys, arch);
	return 0;
}

static int add_archs(struct compilation *compilation, const struct oci_node *seccomp, struct error *err)
{
	struct oci_node array = {.path = "linux.seccomp.architectures"};
	int ret = oci_get_array(seccomp, "architectures", &array.value, err);

	for (size_t i = 0; i < json_array_size(array.value) && ret >= 0; i++) {
		const char *name = oci_string_at(&array, i, err);

		ret = name ? add_arch(compilation, name, err) : -EPROTO;
	}
	return ret < 0 ? ret : 0;
}

static int read_flag(const char *name, unsigned int *flags, struct missing *missing, struct error *err)
{
	if (strcmp(name, "SECCOMP_FILTER_FLAG_LOG") == 0)
		*flags |= SECCOMP_FILTER_FLAG_LOG;
	else if (strcmp(name, "SECCOMP_FILTER_FLAG_SPEC_ALLOW") == 0)
		*flags |= SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	else if (strcmp(name, "SECCOMP_FILTER_FLAG_TSYNC") != 0 && /* there is one thread */
		 strcmp(name, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV") != 0 /* of a listener */) {
		error_set(err, EINVAL, "the seccomp filter has a flag that is not known: '%.64s'", name);
		return missing_note(missing, err);
	}
	return 0;
}

static int read_flags(const struct oci_node *seccomp, unsigned int *flags, struct missing *missing,
		      struct error *err)
{
	struct oci_node array = {.path = "linux.seccomp.flags"};
	int ret = oci_get_array(seccomp, "flags", &array.value, err);

	for (size_t i = 0; i < json_array_size(array.value) && ret >= 0; i++) {
		const char *name = oci_string_at(&array, i, err);

		ret = name ? read_flag(name, flags, missing, err) : -EPROTO;
	}
	return ret < 0 ? ret : 0;
}

static bool find_comparison(const char *name, enum scmp_compare *comparison)
{
	static const char *const names[] = {
	    [SCMP_CMP_NE] = "SCMP_CMP_NE",
	    [SCMP_CMP_LT] = "SCMP_CMP_LT",
	    [SCMP_CMP_LE] = "SCMP_CMP_LE",
	    [SCMP_CMP_EQ] = "SCMP_CMP_EQ",
	    [SCMP_CMP_GE] = "SCMP_CMP_GE",
	    [SCMP_CMP_GT] = "SCMP_CMP_GT",
	    [SCMP_CMP_MASKED_EQ] = "SCMP_CMP_MASKED_EQ",
	};

	for (size_t i = SCMP_CMP_NE; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*comparison = (enum scmp_compare)i;
		return true;
	}
	return false;
}

static int read_arg(const struct oci_node *object, struct scmp_arg_cmp *arg, struct error *err)
{
	const char *name = "";
	uint64_t index = 0;

	*arg = (struct scmp_arg_cmp){0};
	if (oci_get_number(object, "index", POLICY_ARGS_MAX - 1, &index, err) < 0 ||
	    oci_get_number(object, "value", UINT64_MAX, &arg->datum_a, err) < 0 ||
	    oci_get_number(object, "valueTwo", UINT64_MAX, &arg->datum_b, err) < 0 ||
	    oci_get_string(object, "op", &name, err) < 0)
		return -EPROTO;
	arg->arg = (unsigned int)index;
	/* Without a known comparison there is no rule that could be left out safely. */
	return find_comparison(name, &arg->op) ? 0 : oci_refuse(object, "op", "a known comparison", err);
}

/* The action and the conditions that all system calls of an entry share. */
struct rule {
	struct action action;
	struct scmp_arg_cmp args[POLICY_ARGS_MAX];
	unsigned int arg_count;
	bool has_same_index; /* two conditions of one argument */
};

static int read_args(const struct oci_node *syscalls, struct rule *rule, struct error *err)
{
	const json_t *array = NULL;
	unsigned int seen = 0;
	int ret = oci_get_array(syscalls, "args", &array, err);

	if (ret < 0 || json_array_size(array) > POLICY_ARGS_MAX)
		return ret < 0 ? ret : oci_refuse(syscalls, "args", "an array of at most six", err);
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct oci_node object = {.value = json_array_get(array, i),
					  .path = "linux.seccomp.syscalls.args"};

		if (!json_is_object(object.value))
			return oci_refuse(&object, "", "an array of objects", err);
		if (read_arg(&object, &rule->args[i], err) < 0)
			return -EPROTO;
		rule->has_same_index |= seen >> rule->args[i].arg & 1;
		seen |= 1U << rule->args[i].arg;
		rule->arg_count++;
	}
	return 0;
}

/*
 * An unknown call can be left out of a rule that permits: the default refuses it.  Left out
 * of a rule that refuses, it would be permitted.
 */
static int note_syscall(struct compilation *compilation, const struct rule *rule, const char *name,
			struct error *err)
{
	if (rule->action.permits && !compilation->fallback.permits)
		return 0;
	error_set(err, EINVAL, "the seccomp filter has a system call that is not known: '%.64s'", name);
	return missing_note(compilation->missing, err);
}

/* As runc does, two conditions of one argument are two rules, and either fits. */
static int add_conditions(struct compilation *compilation, const struct rule *rule, const char *name,
			  int number)
{
	struct policy_rule one = {
	    .name = name,
	    .number = number,
	    .action = rule->action.value,
	    .arg_count = rule->arg_count,
	};
	int ret = 0;

	memcpy(one.args, rule->args, sizeof(one.args));
	if (!rule->has_same_index)
		return policy_add_rule(&compilation->policy, &one);
	one.arg_count = 1;
	for (unsigned int i = 0; i < rule->arg_count && ret == 0; i++) {
		one.args[0] = rule->args[i];
		ret = policy_add_rule(&compilation->policy, &one);
	}
	return ret;
}

static int add_rule(struct compilation *compilation, const struct rule *rule, const char *name,
		    struct error *err)
{
	int number = seccomp_syscall_resolve_name(name);
	int ret;

	if (number == __NR_SCMP_ERROR)
		return note_syscall(compilation, rule, name, err);
	enosys_add_syscall(&compilation->enosys, name);
	ret = add_conditions(compilation, rule, name, number);
	return ret < 0 ? error_set_errno(err, -ret, "cannot compile the seccomp filter") : 0;
}

static int add_rules(struct compilation *compilation, const struct oci_node *syscalls, struct error *err)
{
	struct oci_node names = {.path = "linux.seccomp.syscalls.names"};
	struct rule rule = {0};
	int ret = read_action(syscalls, "action", "errnoRet", &rule.action, compilation->missing, err);

	if (ret == 0)
		return oci_refuse(syscalls, "action", "given for each entry", err);
	if (ret > 0)
		ret = read_args(syscalls, &rule, err);
	if (ret == 0)
		ret = oci_get_array(syscalls, "names", &names.value, err);
	for (size_t i = 0; i < json_array_size(names.value) && ret >= 0; i++) {
		const char *name = oci_string_at(&names, i, err);

		ret = name ? add_rule(compilation, &rule, name, err) : -EPROTO;
	}
	return ret < 0 ? ret : 0;
}

static int add_all_rules(struct compilation *compilation, const struct oci_node *seccomp, struct error *err)
{
	const json_t *array = NULL;
	int ret = oci_get_array(seccomp, "syscalls", &array, err);

	for (size_t i = 0; i < json_array_size(array) && ret >= 0; i++) {
		struct oci_node syscalls = {.value = json_array_get(array, i),
					    .path = "linux.seccomp.syscalls"};

		ret = json_is_object(syscalls.value)
			  ? add_rules(compilation, &syscalls, err)
			  : oci_refuse(seccomp, "syscalls", "an array of objects", err);
	}
	return ret < 0 ? ret : 0;
}

static int make_filter(const struct compilation *compilation, struct seccomp_filter *filter)
{
	struct instructions instructions = {0};
	int ret = policy_compile(&compilation->policy, &instructions);

	if (ret == -EOPNOTSUPP) {
		free(instructions.items);
		instructions = (struct instructions){0};
		ret = policy_compile_by_libseccomp(&compilation->policy, &instructions);
	}
	if (ret == 0)
		ret = enosys_prepend(&compilation->enosys, instructions.items, instructions.count, filter);
	free(instructions.items);
	return ret;
}

static int compile(struct compilation *compilation, const struct oci_node *seccomp,
		   struct seccomp_filter *filter, struct error *err)
{
	int ret = policy_add_arch(&compilation->policy, seccomp_arch_native());

	if (ret == 0)
		ret = add_archs(compilation, seccomp, err);

	if (ret == 0)
		ret = read_flags(seccomp, &filter->flags, compilation->missing, err);
	if (ret == 0)
		ret = add_all_rules(compilation, seccomp, err);
	if (ret < 0)
		return ret;
	ret = make_filter(compilation, filter);
	return ret < 0 ? error_set_errno(err, -ret, "cannot compile the seccomp filter") : 0;
}

/* As runc: not where the filter refuses with ENOSYS anyway, or permits what no rule names. */
static bool wants_enosys(const struct action *fallback)
{
	return !fallback->permits && fallback->value != SCMP_ACT_ERRNO(ENOSYS);
}

int oci_read_seccomp(const struct oci_node *seccomp, struct settings *settings, struct missing *missing,
		     struct error *err)
{
	struct compilation compilation = {.missing = missing};
	int ret =
	    read_action(seccomp, "defaultAction", "defaultErrnoRet", &compilation.fallback, missing, err);

	if (ret < 0)
		return ret;
	if (ret == 0)
		return oci_refuse(seccomp, "defaultAction", "given", err);
	settings->filters = calloc(1, sizeof(*settings->filters));
	if (!settings->filters)
		return error_set_errno(err, ENOMEM, "cannot compile the seccomp filter");
	settings->filter_count = 1;
	compilation.policy.fallback = compilation.fallback.value;
	compilation.enosys.is_wanted = wants_enosys(&compilation.fallback);
	ret = compile(&compilation, seccomp, &settings->filters[0], err);
	policy_free(&compilation.policy);
	return ret;
}
