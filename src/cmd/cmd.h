/* The commands: one file each, called by main's table. */
#ifndef NSCTL_CMD_CMD_H
#define NSCTL_CMD_CMD_H

#include <stddef.h>

#include "base/error.h"
#include "scan/engine.h"

/* Exit statuses; nsctl(1) lists them.  enter has its own beside these. */
enum {
	EXIT_NO = 1,              /* it failed, or the answer is no */
	EXIT_USAGE = 2,           /* the command line is wrong */
	EXIT_COMPARE_UNKNOWN = 2, /* or it failed: 1 means that something differs, as with cmp(1) */
	EXIT_LSNS_NO_PROC = 32,
	EXIT_ENTER_FAILED = 125,
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNAL_BASE = 128,
};

/* argv[0] is the name to use in messages, "nsctl show".  All return the exit status. */
int cmd_show(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_enter(int argc, char **argv);
int cmd_features(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_lsns(int argc, char **argv);
int cmd_nsenter(int argc, char **argv);
int cmd_ps(int argc, char **argv);
int cmd_sets(int argc, char **argv);
int cmd_why(int argc, char **argv);

struct option;

/*
 * What getopt_long(3) returned, with opterr 0, and the command does not handle
 * itself.  Prints the version and returns 0; or prints the one line that says
 * what is wrong with the option and which one may be meant, and returns
 * EXIT_USAGE.  options: those of the command.
 */
int cmd_other_option(char **argv, int found, const struct option *options);

/* The same for what else is wrong with the command line. */
int cmd_refuse(char **argv, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The option of every command that looks; for getopt_long(3). */
#define CMD_OPTION_ENGINE 0x180
#define CMD_ENGINE_OPTION                                                                                    \
	{                                                                                                    \
		"engine", required_argument, NULL, CMD_OPTION_ENGINE                                         \
	}
#define CMD_ENGINE_HELP "     --engine NAME    read tasks by bpf or procfs; auto: as can be had\n"

/* Whether this is an engine's name; where: "", or what the error says of where it stands. */
int cmd_check_engine(const char *name, const char *where, struct error *err);

/*
 * Makes the engine that of all scans of this run: it takes the place of
 * NSCTL_ENGINE in the environment.  Returns 0 or a negative errno.
 */
int cmd_take_engine(const char *name, struct error *err);

#define ENGINE_VARIABLE "NSCTL_ENGINE"

/* The engine of this run, from the environment; ENGINE_AUTO if the variable is not set. */
enum engine cmd_engine(void);

/* A word that is no TARGET is a wrong command line, not a failure: prints the error, or returns 0. */
int cmd_check_targets(char **argv, const char *const *words, size_t count);

/* Prints the error and returns status. */
int cmd_fail(char **argv, const struct error *err, int status);

#endif
