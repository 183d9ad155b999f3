/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The OCI configuration: what is read, what is refused, what the compiled filter does. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "container/oci.h"
#include "container/oci_policy.h"

static int open_text(const char *text)
{
	int fd = memfd_create("config", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static int read_text(const char *text, struct missing *missing, struct settings *settings, struct error *err)
{
	AUTO_CLOSE int fd = open_text(text);

	*err = (struct error){0};
	return settings_read_oci(fd, missing, settings, err);
}

#define USER "\"user\": {\"uid\": 1000, \"gid\": 1001}"
#define LEAST USER ", \"cwd\": \"/\""

/* A configuration with this in process. */
static int read_with(const char *more, struct missing *missing, struct settings *settings, struct error *err)
{
	char text[4096];

	snprintf(text, sizeof(text), "{\"process\": {" LEAST "%s%s}}", more[0] ? ", " : "", more);
	return read_text(text, missing, settings, err);
}

static const char whole[] =
    "{\"ociVersion\": \"1.0.2\", \"unknown\": [1, {}], \"process\": {\"terminal\": true,"
    "\"user\": {\"uid\": 1000, \"gid\": 1001, \"umask\": 63, \"additionalGids\": [1001, 2000]},"
    "\"args\": [\"sh\"], \"env\": [\"A=1\", \"noequals\", \"B=two=2\", \"=c\", \"A=3\", \"D=\"], \"cwd\": "
    "\"/srv\","
    "\"capabilities\": {\"bounding\": [\"CAP_CHOWN\", \"CAP_CHECKPOINT_RESTORE\"], \"effective\": "
    "[\"CAP_CHOWN\"],"
    "\"permitted\": [\"CAP_KILL\"], \"inheritable\": [], \"ambient\": null},"
    "\"rlimits\": [{\"type\": \"RLIMIT_NOFILE\", \"hard\": 18446744073709551615, \"soft\": 1024}],"
    "\"noNewPrivileges\": true, \"oomScoreAdj\": -500, \"apparmorProfile\": \"docker-default\","
    "\"selinuxLabel\": \"\"}, \"linux\": {\"namespaces\": []}}";

static void reads_everything(void **state)
{
	struct missing missing = {0};
	struct settings settings;
	struct error err;

	(void)state;
	assert_int_equal(read_text(whole, &missing, &settings, &err), 0);
	assert_int_equal(settings.uid, 1000);
	assert_int_equal(settings.gid, 1001);
	assert_int_equal(settings.group_count, 2);
	assert_int_equal(settings.groups[1], 2000);
	assert_true(settings.has_umask);
	assert_int_equal(settings.umask, 077);
	assert_string_equal(settings.cwd, "/srv");
	assert_true(settings.is_damaged);
	assert_string_equal(settings.variables[0], "B=two=2");
	assert_string_equal(settings.variables[1], "A=3");
	assert_string_equal(settings.variables[2], "D=");
	assert_null(settings.variables[3]);
	assert_int_equal(settings.capabilities[CAPABILITIES_BOUNDING], 1ULL << 40 | 1);
	assert_int_equal(settings.capabilities[CAPABILITIES_EFFECTIVE], 1);
	assert_int_equal(settings.capabilities[CAPABILITIES_PERMITTED], 1 << 5);
	assert_int_equal(settings.capabilities[CAPABILITIES_AMBIENT], 0);
	assert_true(settings.no_new_privs);
	assert_true(settings.limits[RLIMIT_NOFILE].is_set);
	assert_true(settings.limits[RLIMIT_NOFILE].limit.rlim_max == RLIM_INFINITY);
	assert_int_equal(settings.limits[RLIMIT_NOFILE].limit.rlim_cur, 1024);
	assert_false(settings.limits[RLIMIT_CORE].is_set);
	assert_int_equal(settings.oom_score_adj, -500);
	assert_string_equal(settings.apparmor, "docker-default");
	assert_null(settings.selinux);
	assert_int_equal(settings.filter_count, 0);
	assert_int_equal(missing.count, 0);
	settings_free(&settings);
}

static void least(void **state)
{
	struct missing missing = {0};
	struct settings settings;
	struct error err;

	(void)state;
	assert_int_equal(read_with("", &missing, &settings, &err), 0);
	assert_int_equal(settings.umask, 022);
	assert_int_equal(settings.group_count, 0);
	assert_int_equal(settings.capabilities[CAPABILITIES_BOUNDING], 0);
	assert_false(settings.has_oom_score_adj);
	assert_false(settings.no_new_privs);
	assert_null(settings.variables[0]);
	settings_free(&settings);
}

/* Each is refused, also where what is missing is permitted, with this in the message. */
static const struct {
	const char *text;
	const char *message;
} wrong[] = {
    {"", "no JSON"},
    {"[]", "is not an object"},
    {"{\"process\": {}", "no JSON"},
    {"{} {}", "no JSON"},
    {"{\"process\": {}, \"process\": {}}", "duplicate"},
    {"{}", "has no process"},
    {"{\"process\": 1}", "process is not an object"},
    {"{\"process\": {\"cwd\": \"/\"}}", "has no process.user"},
    {"{\"process\": {\"user\": {\"gid\": 1}, \"cwd\": \"/\"}}", "has no process.user.uid"},
    {"{\"process\": {\"user\": {\"uid\": 1}, \"cwd\": \"/\"}}", "has no process.user.gid"},
    {"{\"process\": {\"user\": {\"uid\": -1, \"gid\": 1}, \"cwd\": \"/\"}}",
     "process.user.uid is not a number"},
    {"{\"process\": {\"user\": {\"uid\": \"0\", \"gid\": 1}, \"cwd\": \"/\"}}",
     "process.user.uid is not a number"},
    {"{\"process\": {\"user\": {\"uid\": 1.0, \"gid\": 1}, \"cwd\": \"/\"}}",
     "process.user.uid is not a number"},
    {"{\"process\": {\"user\": {\"uid\": true, \"gid\": 1}, \"cwd\": \"/\"}}",
     "process.user.uid is not a number"},
    {"{\"process\": {\"user\": {\"uid\": 4294967295, \"gid\": 1}, \"cwd\": \"/\"}}",
     "process.user.uid is not"},
    {"{\"process\": {\"user\": {\"uid\": 4294967296, \"gid\": 1}, \"cwd\": \"/\"}}",
     "process.user.uid is not"},
    {"{\"process\": {\"user\": {\"uid\": 18446744073709551616, \"gid\": 1}, \"cwd\": \"/\"}}",
     "process.user.uid is"},
    {"{\"process\": {" USER "}}", "process.cwd is not an absolute path"},
    {"{\"process\": {" USER ", \"cwd\": \"srv\"}}", "process.cwd is not an absolute path"},
    {"{\"process\": {" USER ", \"cwd\": \"/\\u0000\"}}", "no JSON"},
};

static const struct {
	const char *more;
	const char *message;
} wrong_in_process[] = {
    {"\"env\": {}", "process.env is not an array"},
    {"\"env\": [1]", "process.env is not an array of strings"},
    {"\"capabilities\": []", "process.capabilities is not an object"},
    {"\"capabilities\": {\"bounding\": \"CAP_CHOWN\"}", "bounding is not an array"},
    {"\"capabilities\": {\"bounding\": [7]}", "bounding is not an array of strings"},
    {"\"noNewPrivileges\": 1", "noNewPrivileges is not true or false"},
    {"\"oomScoreAdj\": 1001", "oomScoreAdj is not a number"},
    {"\"oomScoreAdj\": \"1\"", "oomScoreAdj is not a number"},
    {"\"apparmorProfile\": 1", "apparmorProfile is not a string"},
    {"\"rlimits\": {}", "rlimits is not an array"},
    {"\"rlimits\": [1]", "rlimits is not an array of objects"},
    {"\"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": 1}]", "type, soft and hard"},
    {"\"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": 2, \"hard\": 1}]", "soft above hard"},
    {"\"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": 1, \"hard\": 1},"
     "{\"type\": \"RLIMIT_CPU\", \"soft\": 1, \"hard\": 1}]",
     "a type twice"},
    {"\"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": -1, \"hard\": 1}]", "not a number"},
};

static void refuses_wrong_values(void **state)
{
	struct missing missing = {.permitted = true};
	struct settings settings;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(read_text(wrong[i].text, &missing, &settings, &err), -EPROTO);
		if (!strstr(err.message, wrong[i].message))
			fail_msg("%s: %s", wrong[i].text, err.message);
		settings_free(&settings);
	}
	for (size_t i = 0; i < sizeof(wrong_in_process) / sizeof(wrong_in_process[0]); i++) {
		if (read_with(wrong_in_process[i].more, &missing, &settings, &err) != -EPROTO)
			fail_msg("%s is accepted", wrong_in_process[i].more);
		if (!strstr(err.message, wrong_in_process[i].message))
			fail_msg("%s: %s", wrong_in_process[i].more, err.message);
		settings_free(&settings);
	}
	assert_int_equal(missing.count, 0);
}

static const char *const unknown[] = {
    "\"capabilities\": {\"bounding\": [\"CAP_UNHEARD\"]}",
    "\"capabilities\": {\"bounding\": [\"chown\"]}",
    "\"rlimits\": [{\"type\": \"RLIMIT_UNHEARD\", \"soft\": 1, \"hard\": 1}]",
    "\"rlimits\": [{\"type\": \"RLIMIT_CPUX\", \"soft\": 1, \"hard\": 1}]",
    "\"scheduler\": {}",
    "\"ioPriority\": {}",
};

static void unknown_names_are_missing(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		struct missing missing = {0};

		assert_true(read_with(unknown[i], &missing, &settings, &err) < 0);
		assert_non_null(strstr(err.hint, "--permit-missing"));
		settings_free(&settings);
		missing.permitted = true;
		assert_int_equal(read_with(unknown[i], &missing, &settings, &err), 0);
		assert_int_equal(missing.count, 1);
		settings_free(&settings);
	}
}

static void a_filter_of_crun_is_missing(void **state)
{
	static const char text[] = "{\"process\": {\"user\": {\"uid\": 0, \"gid\": 0}, \"cwd\": \"/\"},"
				   "\"annotations\": {\"run.oci.seccomp_bpf_data\": \"AAAA\"}}";
	struct missing missing = {0};
	struct settings settings;
	struct error err;

	(void)state;
	assert_int_equal(read_text(text, &missing, &settings, &err), -EOPNOTSUPP);
	settings_free(&settings);
	missing.permitted = true;
	assert_int_equal(read_text(text, &missing, &settings, &err), 0);
	assert_int_equal(missing.count, 1);
	settings_free(&settings);
}

static void other_files(void **state)
{
	struct missing missing = {0};
	struct settings settings;
	struct error err;
	int ends[2];
	AUTO_CLOSE int large = memfd_create("large", MFD_CLOEXEC);

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(settings_read_oci(ends[0], &missing, &settings, &err), -EPROTO);
	close(ends[0]);
	close(ends[1]);
	/* Sparse: 4 GiB. */
	assert_int_equal(ftruncate(large, 1LL << 32), 0);
	assert_int_equal(settings_read_oci(large, &missing, &settings, &err), -EFBIG);
}

/* What the filter returns for a system call: a small interpreter of the instructions that filters have. */
static uint32_t run_filter(const struct seccomp_filter *filter, const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < filter->count; pc++) {
		const struct sock_filter *i = &filter->instructions[pc];
		bool jumps = false;

		switch (i->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			memcpy(&a, (const char *)data + i->k, sizeof(a));
			continue;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= i->k;
			continue;
		case BPF_RET | BPF_K:
			return i->k;
		case BPF_JMP | BPF_JA:
			pc += i->k;
			continue;
		case BPF_JMP | BPF_JEQ | BPF_K:
			jumps = a == i->k;
			break;
		case BPF_JMP | BPF_JGT | BPF_K:
			jumps = a > i->k;
			break;
		case BPF_JMP | BPF_JGE | BPF_K:
			jumps = a >= i->k;
			break;
		default:
			fail_msg("an instruction that the test does not know: %x", i->code);
		}
		pc += jumps ? i->jt : i->jf;
	}
	fail_msg("the filter has no end");
	return 0;
}

static uint32_t call(const struct settings *settings, uint32_t arch, int number, uint64_t arg0, uint64_t arg1)
{
	struct seccomp_data data = {.nr = number, .arch = arch, .args = {arg0, arg1}};

	assert_int_equal(settings->filter_count, 1);
	return run_filter(&settings->filters[0], &data);
}

static int read_seccomp(const char *seccomp, struct missing *missing, struct settings *settings,
			struct error *err)
{
	char text[8192];

	snprintf(text, sizeof(text), "{\"process\": {" LEAST "}, \"linux\": {\"seccomp\": %s}}", seccomp);
	return read_text(text, missing, settings, err);
}

#ifdef __x86_64__
#define ARCHS "\"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"]"

/* The numbers of syscall(2) for these are 0, 39, 135, 302 on x86-64. */
static void compiles_a_filter(void **state)
{
	struct missing missing = {0};
	struct settings settings;
	struct error err;

	(void)state;
	assert_int_equal(
	    read_seccomp("{\"defaultAction\": \"SCMP_ACT_ERRNO\", " ARCHS
			 ", \"flags\": [\"SECCOMP_FILTER_FLAG_LOG\"],"
			 "\"syscalls\": [{\"names\": [\"read\", \"getpid\", \"unheard_of\"], \"action\": "
			 "\"SCMP_ACT_ALLOW\"},"
			 "{\"names\": [\"prlimit64\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 22},"
			 "{\"names\": [\"personality\"], \"action\": \"SCMP_ACT_ALLOW\","
			 "\"args\": [{\"index\": 0, \"value\": 8, \"op\": \"SCMP_CMP_EQ\"}]},"
			 "{\"names\": [\"clone\"], \"action\": \"SCMP_ACT_ALLOW\","
			 "\"args\": [{\"index\": 0, \"value\": 2114060288, \"valueTwo\": 0, \"op\": "
			 "\"SCMP_CMP_MASKED_EQ\"}]},"
			 "{\"names\": [\"dup2\"], \"action\": \"SCMP_ACT_ALLOW\","
			 "\"args\": [{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"},"
			 "{\"index\": 1, \"value\": 18446744073709551615, \"op\": \"SCMP_CMP_EQ\"}]},"
			 "{\"names\": [\"dup\"], \"action\": \"SCMP_ACT_ALLOW\","
			 "\"args\": [{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"},"
			 "{\"index\": 0, \"value\": 2, \"op\": \"SCMP_CMP_EQ\"}]}]}",
			 &missing, &settings, &err),
	    0);
	assert_int_equal(missing.count, 0);
	assert_int_equal(settings.filters[0].flags, SECCOMP_FILTER_FLAG_LOG);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_read, 0, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_getpid, 0, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_write, 0, 0), SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_prlimit64, 0, 0), SECCOMP_RET_ERRNO | EINVAL);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_personality, 8, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_personality, 9, 0),
			 SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_clone, 0x11, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_clone, 0x10000000, 0),
			 SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_dup2, 1, UINT64_MAX), SECCOMP_RET_ALLOW);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_dup2, 1, UINT32_MAX),
			 SECCOMP_RET_ERRNO | EPERM);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_dup, 2, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_dup, 3, 0), SECCOMP_RET_ERRNO | EPERM);
	/* Newer than what the filter names: prlimit64 is 302, and 340 on i386. */
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, 303, 0, 0), SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(call(&settings, AUDIT_ARCH_I386, 340, 0, 0), SECCOMP_RET_ERRNO | EINVAL);
	assert_int_equal(call(&settings, AUDIT_ARCH_I386, 341, 0, 0), SECCOMP_RET_ERRNO | ENOSYS);
	/* read on i386; x32 and other architectures are not the filter's. */
	assert_int_equal(call(&settings, AUDIT_ARCH_I386, 3, 0, 0), SECCOMP_RET_ALLOW);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, 0x40000000, 0, 0), SECCOMP_RET_KILL);
	assert_int_equal(call(&settings, AUDIT_ARCH_AARCH64, 63, 0, 0), SECCOMP_RET_KILL);
	settings_free(&settings);
}

static void permits_by_default(void **state)
{
	struct missing missing = {0};
	struct settings settings;
	struct error err;

	(void)state;
	assert_int_equal(
	    read_seccomp("{\"defaultAction\": \"SCMP_ACT_ALLOW\", " ARCHS ", \"syscalls\": ["
			 "{\"names\": [\"mount\"], \"action\": \"SCMP_ACT_KILL_PROCESS\"},"
			 "{\"names\": [\"reboot\"], \"action\": \"SCMP_ACT_TRACE\", \"errnoRet\": 7}]}",
			 &missing, &settings, &err),
	    0);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_mount, 0, 0), SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, SYS_reboot, 0, 0), SECCOMP_RET_TRACE | 7);
	assert_int_equal(call(&settings, AUDIT_ARCH_X86_64, 2000, 0, 0), SECCOMP_RET_ALLOW);
	settings_free(&settings);
	/* A call that should be refused, and is not known. */
	assert_int_equal(read_seccomp("{\"defaultAction\": \"SCMP_ACT_ALLOW\", " ARCHS ", \"syscalls\": ["
				      "{\"names\": [\"unheard_of\"], \"action\": \"SCMP_ACT_ERRNO\"}]}",
				      &missing, &settings, &err),
			 -EINVAL);
	assert_non_null(strstr(err.message, "'unheard_of'"));
	settings_free(&settings);
}

/* Rules for a system call: one without conditions, or up to two with some, which can disagree. */
static void add_some_rules(unsigned int *seed, int number, struct policy *policy)
{
	static const uint64_t data[] = {0, 1, 2, 16, 0x7e020000, UINT32_MAX, 1ULL << 32, UINT64_MAX - 1};
	static const uint32_t actions[] = {SCMP_ACT_ALLOW, SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(22), SCMP_ACT_LOG};
	int count = number % 23 == 3 ? 2 : 1;

	for (int i = 0; i < count; i++) {
		struct policy_rule rule = {
		    .name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, number),
		    .number = number,
		    .action = actions[rand_r(seed) % 4],
		    .arg_count = count == 1 && number % 7 != 5 ? 0 : (unsigned int)rand_r(seed) % 3,
		};

		for (unsigned int arg = 0; arg < rule.arg_count; arg++) {
			rule.args[arg].arg = arg;
			rule.args[arg].op = (enum scmp_compare)(SCMP_CMP_NE + rand_r(seed) % 7);
			rule.args[arg].datum_a = data[rand_r(seed) % 8];
			rule.args[arg].datum_b = data[rand_r(seed) % 8] & rule.args[arg].datum_a;
		}
		if (rule.name)
			assert_int_equal(policy_add_rule(policy, &rule), 0);
	}
}

static void make_policy(unsigned int seed, struct policy *policy)
{
	for (int number = 0; number < 460; number++) {
		if (rand_r(&seed) % 3 != 0)
			add_some_rules(&seed, number, policy);
	}
}

static void free_policy(struct policy *policy)
{
	for (size_t i = 0; i < policy->rule_count; i++)
		free((char *)(uintptr_t)policy->rules[i].name);
	policy_free(policy);
}

static const uint32_t tested_archs[] = {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64};
static const uint64_t tested_args[] = {
    0, 1, 2, 3, 16, 0x7e020000, UINT32_MAX, 1ULL << 32, (1ULL << 32) + 1, UINT64_MAX};

static void compare_call(const struct seccomp_filter *a, const struct seccomp_filter *b, uint32_t arch,
			 uint32_t number)
{
	for (size_t i = 0; i < 10; i++) {
		for (size_t j = 0; j < 10; j++) {
			struct seccomp_data call = {
			    .nr = (int)number, .arch = arch, .args = {tested_args[i], tested_args[j]}};

			/* Arguments of i386 and x32 have 32 bits, but x32's registers 64. */
			if (arch == AUDIT_ARCH_I386 && (call.args[0] | call.args[1]) > UINT32_MAX)
				continue;
			if (run_filter(a, &call) != run_filter(b, &call))
				fail_msg("arch %x, call %x, arguments %jx %jx: %x, not %x", arch, number,
					 (uintmax_t)call.args[0], (uintmax_t)call.args[1],
					 run_filter(a, &call), run_filter(b, &call));
		}
	}
}

static void compare_filters(const struct seccomp_filter *a, const struct seccomp_filter *b)
{
	for (size_t i = 0; i < 3; i++) {
		for (uint32_t number = 0; number < 600; number++) {
			compare_call(a, b, tested_archs[i], number);
			compare_call(a, b, tested_archs[i], 0x40000000 + number);
		}
		compare_call(a, b, tested_archs[i], 0x3fffffff);
		compare_call(a, b, tested_archs[i], UINT32_MAX);
		compare_call(a, b, tested_archs[i], UINT32_MAX - 1);
	}
}

static void compare_policy(const struct policy *policy)
{
	struct instructions ours = {0};
	struct instructions theirs = {0};
	struct seccomp_filter a;
	struct seccomp_filter b;

	assert_int_equal(policy_compile(policy, &ours), 0);
	assert_int_equal(policy_compile_by_libseccomp(policy, &theirs), 0);
	a = (struct seccomp_filter){.instructions = ours.items, .count = (unsigned short)ours.count};
	b = (struct seccomp_filter){.instructions = theirs.items, .count = (unsigned short)theirs.count};
	compare_filters(&a, &b);
	free(ours.items);
	free(theirs.items);
}

static void compiles_as_libseccomp(void **state)
{
	(void)state;
	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, NULL) < 0 && errno == ENOSYS)
		skip(); /* libseccomp asks the kernel what it has: valgrind 3.19 */
	for (unsigned int seed = 1; seed <= 4; seed++) {
		struct policy policy = {.fallback = seed == 4 ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(1)};

		assert_int_equal(policy_add_arch(&policy, SCMP_ARCH_X86_64), 0);
		if (seed > 1)
			assert_int_equal(policy_add_arch(&policy, SCMP_ARCH_X86), 0);
		if (seed > 2)
			assert_int_equal(policy_add_arch(&policy, SCMP_ARCH_X32), 0);
		make_policy(seed, &policy);
		compare_policy(&policy);
		free_policy(&policy);
	}
}
#endif

static const char *const unknown_in_seccomp[] = {
    "{\"defaultAction\": \"SCMP_ACT_UNHEARD\"}",
    "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"SCMP_ARCH_UNHEARD\"]}",
    "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"architectures\": [\"x86_64\"]}",
    "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"flags\": [\"SECCOMP_FILTER_FLAG_UNHEARD\"]}",
    "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"mount\"], \"action\": "
    "\"SCMP_ACT_NOTIFY\"}]}",
};

static const char *const wrong_in_seccomp[] = {
    "[]",
    "{}",
    "{\"defaultAction\": 1}",
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 65536}",
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": {}}",
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [1]}",
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [\"read\"]}]}",
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [1], \"action\": "
    "\"SCMP_ACT_ALLOW\"}]}",
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [\"read\"], \"action\": "
    "\"SCMP_ACT_ALLOW\","
    "\"args\": [{\"index\": 6, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}]}]}",
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [\"read\"], \"action\": "
    "\"SCMP_ACT_ALLOW\","
    "\"args\": [{\"index\": 0, \"value\": 1, \"op\": \"SCMP_CMP_UNHEARD\"}]}]}",
    "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [{\"names\": [\"read\"], \"action\": "
    "\"SCMP_ACT_ALLOW\","
    "\"args\": [{\"index\": 0, \"value\": 1}]}]}",
};

static void refuses_wrong_filters(void **state)
{
	struct settings settings;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(unknown_in_seccomp) / sizeof(unknown_in_seccomp[0]); i++) {
		struct missing missing = {0};

		if (read_seccomp(unknown_in_seccomp[i], &missing, &settings, &err) >= 0)
			fail_msg("%s is accepted", unknown_in_seccomp[i]);
		assert_non_null(strstr(err.hint, "--permit-missing"));
		settings_free(&settings);
		missing.permitted = true;
		assert_int_equal(read_seccomp(unknown_in_seccomp[i], &missing, &settings, &err), 0);
		assert_int_equal(missing.count, 1);
		settings_free(&settings);
	}
	for (size_t i = 0; i < sizeof(wrong_in_seccomp) / sizeof(wrong_in_seccomp[0]); i++) {
		struct missing missing = {.permitted = true};

		if (read_seccomp(wrong_in_seccomp[i], &missing, &settings, &err) != -EPROTO)
			fail_msg("%s is accepted", wrong_in_seccomp[i]);
		settings_free(&settings);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_everything),
	    cmocka_unit_test(least),
	    cmocka_unit_test(refuses_wrong_values),
	    cmocka_unit_test(unknown_names_are_missing),
	    cmocka_unit_test(a_filter_of_crun_is_missing),
	    cmocka_unit_test(other_files),
#ifdef __x86_64__
	    cmocka_unit_test(compiles_a_filter),
	    cmocka_unit_test(permits_by_default),
	    cmocka_unit_test(compiles_as_libseccomp),
#endif
	    cmocka_unit_test(refuses_wrong_filters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
