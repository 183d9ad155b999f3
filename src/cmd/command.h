/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command: what it is called, its options, what it runs; and the driver that runs them all. */
#ifndef NSCTL_CMD_COMMAND_H
#define NSCTL_CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "scan/engine.h"
#include "table/table.h"

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

/* The kind of an option's value, for completions. */
enum value_kind {
	VALUE_OTHER,
	VALUE_TYPES,       /* types of namespace, separated by commas */
	VALUE_COLUMNS,     /* columns, separated by commas, perhaps behind a plus sign */
	VALUE_SORT_COLUMN, /* one, perhaps behind a minus sign */
	VALUE_PROCESS,     /* the target: no argument names it then */
	VALUE_FILE,        /* the same, if there is one */
	VALUE_DIRECTORY,
	VALUE_SIGNAL,
	VALUE_CONTAINER,
};

/* One row of a table of options, which ends with an empty one. */
struct command_option {
	const char *name; /* the long name; NULL: help is a heading above the options that follow */
	char letter;      /* 0: none */
	const char
	    *value; /* what --help calls it: "LIST", or "[=FILE]" where it is optional; NULL: takes none */
	const char *help; /* further lines behind a line end */

	/* Where it is noted in the command's options: the offset of a bool, or of a const char *; 0: nowhere.
	 */
	size_t flag;
	size_t text;
	/* Notes what needs more than that; NULL: nothing does.  Returns 0, or a negative errno with err. */
	int (*take)(void *options, const char *value, struct error *err);
	/* The same for a function of several options; number says which. */
	int (*take_numbered)(void *options, int number, const char *value, struct error *err);
	int number;

	const char *excludes; /* the name of an option that contradicts it; NULL: none */

	bool letter_alone; /* the letter takes no value, though the name does */
	enum value_kind kind;
	const char *choices; /* words that its value can be, separated by commas; NULL: none */
};

/* Whether output is colored. */
enum color_choice {
	COLOR_AUTO, /* on a terminal, unless NO_COLOR is set (no-color.org) */
	COLOR_ALWAYS,
	COLOR_NEVER,
};

/* The options of every command begin with these. */
struct common_options {
	enum engine engine;
	enum color_choice color;
	const char *container; /* what belongs to this one only; NULL: all */
	struct table_options table;
};

#define COMMAND_TABLES 5

/* The kind of the arguments, for completions. */
enum argument_kind {
	ARGUMENT_TARGET,
	ARGUMENT_KEPT_NAME, /* names of nsctl-keep(1) */
	ARGUMENT_NEW_NAME,  /* a new one, then targets */
};

struct invocation;
struct target;

struct command {
	const char *name;    /* as it is typed */
	const char *summary; /* for nsctl --help */
	const char *usage;   /* what stands behind the name */
	const char *help;    /* what it does, before the options in --help */
	const char *more;    /* behind them; NULL: nothing */
	const char *examples;

	const struct command_option *tables[COMMAND_TABLES]; /* of options; the unused are NULL */
	size_t options_size;                                 /* of a struct that begins with common_options */
	void (*prepare)(void *options);                      /* sets what is not zero; NULL: nothing */

	/* Notes FILE of -n=FILE, where the letter takes no value; NULL: that is no option. */
	int (*take_equals)(void *options, const char *value, struct error *err);

	const char *word; /* what the arguments are called in messages: "TARGET" */
	size_t least;     /* how many arguments it takes */
	size_t most;
	enum argument_kind arguments;
	bool stops_at_word; /* what follows the first argument is no option of this command */
	/*
	 * How many of the words behind the options are arguments; the others are those of
	 * a program, perhaps behind a "--".  count is not 0.  NULL: no argument precedes a program.
	 */
	size_t (*count_arguments)(const char *const *words, size_t count);

	const struct table_layout *layout; /* for --list-columns; NULL: it has no table */
	const char *columns_variable;      /* in the environment, in place of --output; NULL: none */
	int failed;                        /* the exit status where run() returns a negative errno */

	/* For util-linux's programs: the whole --help, messages of getopt_long(3), status 1 for a bad
	 * command line. */
	const char *util_linux_help;
	bool tries_help; /* a bad value is followed by "Try 'NAME --help' …", as a bad option is */

	/*
	 * Called with a command line that is right so far.  Returns the exit status; or
	 * a negative errno with err, which the driver prints.
	 */
	int (*run)(const struct invocation *invocation, void *options, struct error *err);
};

/* The part of the command line that run() gets.  The words are the caller's. */
struct invocation {
	const struct command *command;
	const char *program; /* the name in messages: "nsctl list" */
	char **words;        /* the arguments, behind the options; ends with NULL */
	size_t count;
};

/* The options that many commands have. */
extern const struct command_option common_table_options[];
extern const struct command_option common_filter_options[];
/* --container; see cmd/container_option.h. */
extern const struct command_option common_container_options[];
/* For the commands that only read: --color and --engine.  lsns has neither. */
extern const struct command_option common_look_options[];

/*
 * Reads the options, answers --help, --version and --list-columns, and runs the
 * command.  argv[0] is the name in messages: "nsctl list".  engine: where no
 * option chooses one.  Returns the exit status.
 */
int command_run(const struct command *command, int argc, char **argv, enum engine engine);

/* Prints --help. */
void command_print_help(const struct command *command, const char *program);

/* Prints the error or warning, and returns status. */
int command_report(const struct invocation *invocation, const struct error *err, int status);

/*
 * Fills err for a wrong command line, with --help as the hint.  Returns -EINVAL;
 * run() passes err to command_report() with EXIT_USAGE.
 */
int command_refuse(const struct invocation *invocation, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The environment variable that names an engine; only main reads it. */
#define ENGINE_VARIABLE "NSCTL_ENGINE"

/* Reads an engine's name.  where: "", or where it was found.  Returns 0, or -EINVAL with err. */
int command_check_engine(const char *name, const char *where, enum engine *engine, struct error *err);

/*
 * Reads the targets that the words are.  Returns an array that the caller frees, also if
 * there are none; NULL with err where a word is none, or without memory.
 */
struct target *command_parse_targets(const char *const *words, size_t count, struct error *err);

/* Whether each word is a TARGET.  Returns 0, or -EINVAL with err. */
int command_check_targets(const char *const *words, size_t count, struct error *err);

extern const struct command command_sets;
extern const struct command command_list;
extern const struct command command_show;
extern const struct command command_compare;
extern const struct command command_ps;
extern const struct command command_why;
extern const struct command command_drop;
extern const struct command command_enter;
extern const struct command command_exec;
extern const struct command command_new;
extern const struct command command_keep;
extern const struct command command_features;

/* nsctl called by the names of util-linux's programs. */
extern const struct command command_lsns;
extern const struct command command_nsenter;
extern const struct command command_unshare;

#endif
