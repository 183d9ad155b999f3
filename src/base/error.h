/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One error: what failed, on which object, why, and what would help. */
#ifndef NSCTL_BASE_ERROR_H
#define NSCTL_BASE_ERROR_H

/*
 * Filled where something fails, given context on the way up, printed once by
 * the command.  The text may hold bytes that a process chose: error_print()
 * makes them safe, nothing else may print it.
 */
struct error {
	int number; /* an errno value */
	char message[1024];
	char hint[512]; /* empty: nothing to suggest */
};

/* Fills err.  Returns -number, so that a caller can "return error_set(…)". */
int error_set(struct error *err, int number, const char *format, ...) __attribute__((format(printf, 3, 4)));

/*
 * The same, and adds ": " and the text of number.  For EMFILE and ENFILE the
 * hint names the limit: no other advice helps then, and error_hint() leaves it.
 */
int error_set_errno(struct error *err, int number, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "context: " before the message.  Returns -err->number. */
int error_wrap(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts ": reason" behind the message.  Returns -err->number. */
int error_explain(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says what the reader can do, unless a limit of open files is the reason.  Returns -err->number. */
int error_hint(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * The hint for a word that is not known: "did you mean …?" with the candidate
 * nearest to it, if any is near; and all, which says what there is.  The list
 * ends with NULL.  Returns -err->number.
 */
int error_suggest(struct error *err, const char *word, const char *const *candidates, const char *all);

/* Writes "program: message; hint" and a newline to standard error, in one write. */
void error_print(const struct error *err, const char *program);

#endif
