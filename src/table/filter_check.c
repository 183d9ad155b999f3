/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "table/filter_check.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum token_kind {
	TOKEN_WORD, /* a column */
	TOKEN_NUMBER,
	TOKEN_TEXT,
	TOKEN_BOOLEAN,
	TOKEN_COMPARISON,
	TOKEN_PATTERN, /* =~ and !~ */
	TOKEN_OTHER,   /* and, or, not, brackets */
	TOKEN_UNKNOWN, /* not of scols-filter(5) */
};

struct token {
	enum token_kind kind;
	const char *start;
	size_t length;
};

static bool is_word(const struct token *token, const char *word)
{
	return strlen(word) == token->length && strncasecmp(token->start, word, token->length) == 0;
}

static bool is_one_of(const struct token *token, const char *const *words)
{
	for (; *words; words++) {
		if (is_word(token, *words))
			return true;
	}
	return false;
}

static enum token_kind classify_word(const struct token *token)
{
	static const char *const comparisons[] = {"eq", "ne", "lt", "le", "gt", "ge", NULL};
	static const char *const booleans[] = {"true", "false", NULL};
	static const char *const others[] = {"and", "or", "not", NULL};

	if (is_one_of(token, comparisons))
		return TOKEN_COMPARISON;
	if (is_one_of(token, booleans))
		return TOKEN_BOOLEAN;
	return is_one_of(token, others) ? TOKEN_OTHER : TOKEN_WORD;
}

/* A text is on one line, and ends at the next quote of its kind: no quote can be escaped. */
static void read_text(struct token *token)
{
	size_t length = 1 + strcspn(token->start + 1, token->start[0] == '"' ? "\"\n" : "'\n");
	bool is_closed = token->start[length] == token->start[0];

	token->kind = is_closed ? TOKEN_TEXT : TOKEN_UNKNOWN;
	token->length = is_closed ? length + 1 : 1;
}

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* A fraction, or a suffix such as K, belongs to a number. */
static void read_number(struct token *token)
{
	size_t length = strspn(token->start, DIGITS);

	if (token->start[length] == '.' && isdigit((unsigned char)token->start[length + 1]))
		length += 1 + strspn(token->start + length + 1, DIGITS);
	else
		length += strspn(token->start + length, LETTERS);
	token->kind = TOKEN_NUMBER;
	token->length = length;
}

static void read_word(struct token *token)
{
	token->length = strspn(token->start, LETTERS DIGITS "_.%:/-");
	token->kind = classify_word(token);
}

static const struct {
	const char *sign;
	enum token_kind kind;
} signs[] = {
    {"=~", TOKEN_PATTERN},    {"!~", TOKEN_PATTERN},    {"==", TOKEN_COMPARISON}, {"!=", TOKEN_COMPARISON},
    {"<=", TOKEN_COMPARISON}, {">=", TOKEN_COMPARISON}, {"&&", TOKEN_OTHER},      {"||", TOKEN_OTHER},
    {"<", TOKEN_COMPARISON},  {">", TOKEN_COMPARISON},  {"!", TOKEN_OTHER},       {"(", TOKEN_OTHER},
    {")", TOKEN_OTHER},
};

static void read_sign(struct token *token)
{
	token->kind = TOKEN_UNKNOWN;
	token->length = 1;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (strncmp(token->start, signs[i].sign, strlen(signs[i].sign)) == 0) {
			token->kind = signs[i].kind;
			token->length = strlen(signs[i].sign);
			return;
		}
	}
}

/* The token at the beginning of text; of length 0 at its end. */
static struct token read_token(const char *text)
{
	struct token token = {.kind = TOKEN_OTHER, .start = text + strspn(text, " \t\n")};
	char first = token.start[0];

	if (first == '\0')
		return token;
	if (first == '"' || first == '\'')
		read_text(&token);
	else if (strchr(DIGITS, first))
		read_number(&token);
	else if (strchr(LETTERS, first))
		read_word(&token);
	else
		read_sign(&token);
	return token;
}

static bool is_operand(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER || token->kind == TOKEN_TEXT ||
	       token->kind == TOKEN_BOOLEAN;
}

struct tokens {
	struct token *items; /* the first and the last are TOKEN_OTHER */
	size_t count;
};

static void close_tokens(struct tokens *tokens)
{
	free(tokens->items);
}
#define AUTO_TOKENS __attribute__((cleanup(close_tokens)))

/* (X) is X. */
static void drop_brackets(struct tokens *tokens)
{
	struct token *last = &tokens->items[tokens->count - 1];

	if (tokens->count < 4 || !is_word(last, ")") || !is_operand(last - 1) || !is_word(last - 2, "("))
		return;
	last[-2] = last[-1];
	tokens->count -= 2;
}

static int read_tokens(const char *expression, struct tokens *tokens, struct error *err)
{
	struct token token = read_token(expression);

	*tokens = (struct tokens){.items = calloc(strlen(expression) + 3, sizeof(*tokens->items))};
	if (!tokens->items)
		return error_set_errno(err, ENOMEM, "cannot read the filter");
	tokens->items[tokens->count++] = (struct token){.kind = TOKEN_OTHER, .start = ""};
	for (; token.length > 0; token = read_token(token.start + token.length)) {
		tokens->items[tokens->count++] = token;
		drop_brackets(tokens);
	}
	tokens->items[tokens->count++] = (struct token){.kind = TOKEN_OTHER, .start = ""};
	return 0;
}

/* One comparison: the operator and what stands before and behind it. */
struct comparison {
	const struct token *operator;
	const struct token *sides[2];
	const struct column *columns[2]; /* NULL: none of that name, or not a column */
};

static bool is_number_column(const struct column *column)
{
	return column->type == COLUMN_NUMBER;
}

/* A number in quotes is equal to the number; but by < and > it is ordered as a text, where 10 comes before 9.
 */
static bool is_equal_number(const struct comparison *comparison, const struct token *text)
{
	bool is_equality = is_word(comparison->operator, "==") || is_word(comparison->operator, "!=");

	return is_equality && text->length > 2 && strspn(text->start + 1, DIGITS) == text->length - 2;
}

static int refuse_filter(const char *expression, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse_filter(const char *expression, struct error *err, const char *format, ...)
{
	char reason[256];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	return error_set(err, EINVAL, "'%.256s' is not a filter: %s", expression, reason);
}

/* How to write the comparison: with quotes around one of its sides. */
static int hint_at_quotes(const struct comparison *comparison, int side, struct error *err)
{
	const struct token *left = comparison->sides[0];
	const struct token *right = comparison->sides[1];
	const char *quotes[] = {side == 0 ? "\"" : "", side == 1 ? "\"" : ""};

	return error_hint(err, "write %s%.*s%s %.*s %s%.*s%s", quotes[0],
			  (int)(left->length < 64 ? left->length : 64), left->start, quotes[0],
			  (int)comparison->operator->length, comparison->operator->start, quotes[1],
			  (int)(right->length < 64 ? right->length : 64), right->start, quotes[1]);
}

/* side: the column's. */
static int check_text_column(const char *expression, const struct comparison *comparison, int side,
			     struct error *err)
{
	const struct token *other = comparison->sides[!side];
	const char *name = comparison->columns[side]->name;

	if (other->kind == TOKEN_NUMBER || other->kind == TOKEN_BOOLEAN)
		refuse_filter(expression, err, "the column %s is text", name);
	else if (other->kind == TOKEN_WORD && !comparison->columns[!side])
		refuse_filter(expression, err, "there is no column '%.*s', and %s is text",
			      (int)(other->length < 64 ? other->length : 64), other->start, name);
	else
		return 0;
	return hint_at_quotes(comparison, !side, err);
}

static int check_number_column(const char *expression, const struct comparison *comparison, int side,
			       struct error *err)
{
	const struct token *other = comparison->sides[!side];
	const char *name = comparison->columns[side]->name;

	if (other->kind == TOKEN_TEXT && !is_equal_number(comparison, other)) {
		refuse_filter(expression, err, "the column %s is a number", name);
		return error_hint(err, "compare it with a number, without quotes");
	}
	if (!comparison->columns[!side] || is_number_column(comparison->columns[!side]))
		return 0;
	refuse_filter(expression, err, "the column %s is a number, %s is text", name,
		      comparison->columns[!side]->name);
	return error_hint(err, "compare columns of the same type");
}

static int check_comparison(const char *expression, const struct comparison *comparison, struct error *err)
{
	enum token_kind left = comparison->sides[0]->kind;
	enum token_kind right = comparison->sides[1]->kind;
	int ret = 0;

	if ((left == TOKEN_NUMBER && right == TOKEN_TEXT) || (left == TOKEN_TEXT && right == TOKEN_NUMBER))
		return refuse_filter(expression, err, "a number is compared with a text");
	for (int side = 0; side < 2 && ret == 0; side++) {
		const struct column *column = comparison->columns[side];

		if (column)
			ret = is_number_column(column)
				  ? check_number_column(expression, comparison, side, err)
				  : check_text_column(expression, comparison, side, err);
	}
	return ret;
}

static const struct column *find_operand_column(const struct table *table, const struct token *token)
{
	long column = token->kind == TOKEN_WORD
			  ? columns_find(table->columns, table->column_count, token->start, token->length)
			  : -1;

	return column < 0 ? NULL : table->columns[column];
}

/* Whether the left side is more than one operand: its type is that of a result. */
static bool is_result(const struct token *left)
{
	const struct token *before = left - 1;

	return before->kind == TOKEN_COMPARISON || before->kind == TOKEN_PATTERN;
}

int filter_check_types(const struct table *table, const char *expression, struct error *err)
{
	AUTO_TOKENS struct tokens tokens = {0};
	int ret = read_tokens(expression, &tokens, err);

	for (size_t i = 2; ret == 0 && i + 2 < tokens.count; i++) {
		const struct token *at = &tokens.items[i];
		struct comparison comparison = {.operator= at, .sides = {at - 1, at + 1}};

		if (at->kind != TOKEN_COMPARISON || !is_operand(at - 1) || !is_operand(at + 1) ||
		    is_result(at - 1))
			continue;
		comparison.columns[0] = find_operand_column(table, at - 1);
		comparison.columns[1] = find_operand_column(table, at + 1);
		ret = check_comparison(expression, &comparison, err);
	}
	return ret;
}

static int refuse_unknown(const char *expression, const struct token *token, struct error *err)
{
	char sign = token->start[0];

	refuse_filter(expression, err, "'%c' has no meaning there", sign);
	if (sign == '"' || sign == '\'')
		return error_hint(err, "the text has no end: quotes come in pairs");
	if (strchr("=&|", sign))
		return error_hint(err, "write %c%c", sign, sign);
	return error_hint(err, "texts stand in quotes; see scols-filter(5)");
}

static int refuse_pattern(const char *expression, const struct token *at, struct error *err)
{
	struct comparison comparison = {.operator= at, .sides = {at - 1, at + 1}};

	refuse_filter(expression, err, "a pattern in quotes has to follow %.2s", at->start);
	return is_operand(at - 1) && is_operand(at + 1) ? hint_at_quotes(&comparison, 1, err) : -EINVAL;
}

int filter_check_syntax(const char *expression, struct error *err)
{
	AUTO_TOKENS struct tokens tokens = {0};
	int ret = read_tokens(expression, &tokens, err);

	for (size_t i = 1; ret == 0 && i + 1 < tokens.count; i++) {
		const struct token *at = &tokens.items[i];

		if (at->kind == TOKEN_UNKNOWN)
			ret = refuse_unknown(expression, at, err);
		else if (at->kind == TOKEN_PATTERN && at[1].kind != TOKEN_TEXT && at[1].kind != TOKEN_UNKNOWN)
			ret = refuse_pattern(expression, at, err);
	}
	return ret;
}
