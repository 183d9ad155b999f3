#include "view/options.h"

bool view_options_take(struct view_options *options, int option, const char *argument)
{
	switch (option) {
	case 'J':
		options->json = true;
		return !options->raw;
	case 'r':
		options->raw = true;
		return !options->json;
	case 'n':
		options->no_headings = true;
		return true;
	case 'o':
		options->output = argument;
		return true;
	case VIEW_OPTION_OUTPUT_ALL:
		options->all_columns = true;
		return true;
	case 'u':
		options->no_truncate = true;
		return true;
	case 'H':
		options->list_columns = true;
		return true;
	default:
		return false;
	}
}
