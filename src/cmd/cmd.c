#include "cmd/cmd.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "scan/engine.h"
#include "target/target.h"

int cmd_fail(char **argv, const struct error *err, int status)
{
	fflush(stdout);
	error_print(err, argv[0]);
	return status;
}

int cmd_refuse(char **argv, const char *format, ...)
{
	struct error err;
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	error_set(&err, EINVAL, "%s", message);
	error_hint(&err, "%s --help", argv[0]);
	return cmd_fail(argv, &err, EXIT_USAGE);
}

int cmd_refuse_option(char **argv, int found)
{
	const char *word = argv[optind - 1];

	if (found == ':' && optopt < 0x100 && optopt > 0)
		return cmd_refuse(argv, "option -%c needs a value", optopt);
	if (found == ':')
		return cmd_refuse(argv, "option '%.256s' needs a value", word);
	/* Of a short option in a group, getopt(3) tells the letter; of a long one, only where it stood. */
	if (optopt > 0 && optopt < 0x80 && !(word[0] == '-' && word[1] == '-'))
		return cmd_refuse(argv, "unknown option -%c", optopt);
	if (optopt != 0)
		return cmd_refuse(argv, "option '%.256s' takes no value", word);
	return cmd_refuse(argv, "unknown or ambiguous option '%.256s'", word);
}

int cmd_check_engine(const char *name, const char *where, struct error *err)
{
	enum engine engine;

	if (engine_from_name(name, &engine))
		return 0;
	error_set(err, EINVAL, "unknown engine%s: '%.256s'", where, name);
	return error_hint(err, "auto, bpf or procfs");
}

int cmd_take_engine(const char *name, struct error *err)
{
	int ret = cmd_check_engine(name, "", err);

	if (ret < 0)
		return ret;
	if (setenv(ENGINE_VARIABLE, name, 1) < 0)
		return error_set_errno(err, errno, "cannot choose the engine");
	return 0;
}

int cmd_check_targets(char **argv, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct target target;
		struct error err;

		if (target_parse(words[i], &target, &err) < 0)
			return cmd_fail(argv, &err, EXIT_USAGE);
	}
	return 0;
}
