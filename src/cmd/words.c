/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/words.h"

#include <errno.h>
#include <string.h>

#include "ns/type.h"
#include "target/target.h"

/* Names that other programs have for what a command does. */
static const struct {
	const char *word;
	const char *meant;
} others[] = {
    {"ls", "list"},        {"lsns", "list"},       {"nsenter", "enter"},  {"run", "exec"},
    {"attach", "exec"},    {"join", "enter"},      {"shell", "exec"},     {"sh", "exec"},
    {"stats", "show"},     {"containers", "sets"}, {"container", "sets"}, {"pods", "sets -o +POD"},
    {"unshare", "new"},    {"inspect", "show"},    {"info", "show"},      {"status", "show"},
    {"describe", "show"},  {"diff", "compare"},    {"cmp", "compare"},    {"top", "ps"},
    {"pids", "ps"},        {"holders", "why"},     {"version", "-V"},     {"check", "features"},
    {"ip", "list -t net"},
};

static const char *find_other(const char *word)
{
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (strcmp(word, others[i].word) == 0)
			return others[i].meant;
	}
	return NULL;
}

int words_refuse_command(const char *word, const char *const *commands, struct error *err)
{
	const char *meant = find_other(word);
	struct error ignored; /* then the word is no TARGET either */
	struct target target;
	enum ns_type type;

	error_set(err, EINVAL, "'%.256s' is not a command", word);
	if (meant)
		return error_hint(err, "did you mean '%s'?", meant);
	if (ns_type_from_any_name(word, strlen(word), &type))
		return error_hint(err, "did you mean 'list -t %s'?", ns_type_name(type));
	if (target_parse(word, &target, &ignored) == 0)
		return error_hint(err, "did you mean 'show %.256s'?", word);
	return error_suggest(err, word, commands, "nsctl --help lists them");
}
