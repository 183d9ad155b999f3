#include "view/features.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "view/json.h"

const struct column features_columns[FEATURES_COUNT] = {
    [FEATURES_INTERFACE] = {"INTERFACE", "what the kernel offers", COLUMN_TEXT, true},
    [FEATURES_SINCE] = {"SINCE", "the first Linux that has it", COLUMN_TEXT, true},
    [FEATURES_PRESENT] = {"PRESENT", "whether this kernel has it", COLUMN_ANSWER, true},
    [FEATURES_PERMITTED] = {"PERMITTED", "whether this caller may use it", COLUMN_ANSWER, true},
    [FEATURES_NOTE] = {"NOTE", "why not, or what to know of it", COLUMN_LONG, true},
};

static int set_answer(struct table *table, enum features_column column, bool answer, struct error *err)
{
	return table_set_text(table, column, answer ? "yes" : "no", err);
}

static int set_note(struct table *table, const struct feature_answer *answer, struct error *err)
{
	if (answer->note)
		return table_set_text(table, FEATURES_NOTE, answer->note, err);
	if (answer->state == FEATURE_DENIED)
		return table_set_text(table, FEATURES_NOTE, strerror(answer->reason), err);
	return 0;
}

static int add_row(struct table *table, const struct features *features, enum feature feature,
		   struct error *err)
{
	const struct feature_answer *answer = &features->answers[feature];
	int ret = table_add_row(table, err);

	if (ret == 0)
		ret = table_set_text(table, FEATURES_INTERFACE, feature_name(feature), err);
	if (ret == 0)
		ret = table_set_text(table, FEATURES_SINCE, feature_since(feature), err);
	if (ret == 0)
		ret = set_answer(table, FEATURES_PRESENT, answer->state != FEATURE_ABSENT, err);
	/* Of what is not there, nobody knows. */
	if (ret == 0 && answer->state != FEATURE_ABSENT)
		ret = set_answer(table, FEATURES_PERMITTED, answer->state == FEATURE_PRESENT, err);
	return ret < 0 ? ret : set_note(table, answer, err);
}

static int print_json(const struct features *features, const struct table *table, const char *release,
		      struct error *err)
{
	json_t *sources = json_object();
	json_t *object;

	for (enum question question = 0; sources && question < QUESTION_COUNT; question++)
		json_object_set_new(sources, question_key(question),
				    json_string(features->sources[question]));
	object = json_pack("{s:o, s:o, s:o}", "kernel", json_safe_string(release), "interfaces",
			   table_to_json(table), "sources", sources);
	return json_print(object, err);
}

/* Scripts want the table alone. */
static int print_text(const struct features *features, const struct table *table,
		      const struct view_options *options, const char *release, struct error *err)
{
	bool is_bare = options->raw || options->no_headings || options->output;
	int ret;

	if (!is_bare)
		printf("Linux %s\n\n", release);
	ret = table_print(table, err);
	if (ret < 0 || is_bare)
		return ret;
	putchar('\n');
	for (enum question question = 0; question < QUESTION_COUNT; question++)
		printf("%-27s %s\n", question_title(question), features->sources[question]);
	return 0;
}

int view_features(const struct features *features, const struct view_options *options, struct error *err)
{
	AUTO_TABLE struct table *table = table_new(features_columns, FEATURES_COUNT, options, err);
	struct utsname names;
	int ret = 0;

	if (!table)
		return -err->number;
	if (uname(&names) < 0)
		return error_set_errno(err, errno, "cannot ask for the kernel's release");
	for (enum feature feature = 0; feature < FEATURE_COUNT && ret == 0; feature++)
		ret = add_row(table, features, feature, err);
	if (ret == 0)
		ret = table_arrange(table, err);
	if (ret < 0)
		return ret;
	return options->json ? print_json(features, table, names.release, err)
			     : print_text(features, table, options, names.release, err);
}
