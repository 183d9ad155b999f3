#include "proc/search.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/set.h"
#include "base/text.h"
#include "proc/process.h"

struct context {
	struct search *search;
	struct u64_set seen; /* inodes whose id was read and was another's */
	struct ns *found;
	int own_proc; /* /proc */
};

/* A step of the search, for one process below /proc: 1 found, 0 go on, or a negative errno. */
typedef int look_fn(struct context *context, int dir_fd);

static DIR *open_dir(int dir_fd, const char *name)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir)
		cleanup_close(&fd);
	return dir;
}

static bool is_number(const char *name)
{
	return name[0] >= '1' && name[0] <= '9';
}

/* Opens a link whose text fits, and keeps it if what was opened fits as well. */
static int open_candidate(struct context *context, int dir_fd, const char *path)
{
	struct search *search = context->search;
	struct error ignored; /* it went away, or changed: not what is looked for */
	AUTO_NS struct ns ns = NS_CLOSED;
	int fd = openat(dir_fd, path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || ns_from_fd(fd, &ns, &ignored) < 0)
		return 0;
	if (search->id ? ns_read_id(&ns) != search->id : ns.ino != search->ino)
		return 0;
	*context->found = ns;
	ns.fd = -1;
	return 1;
}

/* Looks at one link, be it below ns/ or below fd/. */
static int look_at_link(struct context *context, int dir_fd, const char *path)
{
	struct search *search = context->search;
	char text[64];
	enum ns_type type;
	ino_t ino;
	ssize_t length = readlinkat(dir_fd, path, text, sizeof(text) - 1);

	if (length < 0)
		return -errno;
	text[length] = '\0';
	if (!process_parse_link(text, &type, &ino) || !(search->types & (1U << type)))
		return 0;
	if (search->id) {
		int added = u64_set_add(&context->seen, ino);

		return added <= 0 ? added : open_candidate(context, dir_fd, path);
	}
	return ino == search->ino ? open_candidate(context, dir_fd, path) : 0;
}

static int look_at_links(struct context *context, int dir_fd)
{
	int denied = 0;

	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		char path[32];
		int ret;

		if (!(context->search->types & (1U << ns_link_type(link))))
			continue;
		snprintf(path, sizeof(path), "ns/%s", ns_link_name(link));
		ret = look_at_link(context, dir_fd, path);
		if (ret == 1 || ret == -ENOMEM)
			return ret;
		denied |= ret == -EACCES;
	}
	context->search->processes++;
	context->search->unreadable += (size_t)denied;
	return 0;
}

static int look_at_threads(struct context *context, int dir_fd)
{
	AUTO_CLOSEDIR DIR *tasks = NULL;
	struct dirent *entry;
	struct stat st;

	/* A directory's links are itself, its parent's entry and its subdirectories. */
	if (fstatat(dir_fd, "task", &st, 0) < 0 || st.st_nlink <= 3)
		return 0;
	tasks = open_dir(dir_fd, "task");
	if (!tasks)
		return 0;
	while ((entry = readdir(tasks))) {
		AUTO_CLOSE int task_fd = -1;
		size_t processes = context->search->processes;
		size_t unreadable = context->search->unreadable;
		int ret;

		if (!is_number(entry->d_name))
			continue;
		task_fd = openat(dirfd(tasks), entry->d_name, O_PATH | O_CLOEXEC);
		if (task_fd < 0)
			continue;
		ret = look_at_links(context, task_fd);
		context->search->processes = processes;
		context->search->unreadable = unreadable;
		if (ret != 0)
			return ret;
	}
	return 0;
}

static int look_at_files(struct context *context, int dir_fd)
{
	AUTO_CLOSEDIR DIR *files = open_dir(dir_fd, "fd");
	struct dirent *entry;

	if (!files)
		return 0;
	while ((entry = readdir(files))) {
		int ret = entry->d_name[0] == '.' ? 0 : look_at_link(context, dirfd(files), entry->d_name);

		if (ret == 1 || ret == -ENOMEM)
			return ret;
	}
	return 0;
}

static int for_each_process(struct context *context, look_fn *look)
{
	AUTO_CLOSEDIR DIR *proc = open_dir(context->own_proc, ".");
	struct dirent *entry;
	int ret;

	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		AUTO_CLOSE int dir_fd = -1;

		if (!is_number(entry->d_name))
			continue;
		dir_fd = openat(context->own_proc, entry->d_name, O_PATH | O_CLOEXEC);
		if (dir_fd < 0)
			continue;
		ret = look(context, dir_fd);
		if (ret != 0)
			return ret;
	}
	return 0;
}

/* mountinfo writes space, tab, newline and backslash as \ooo; see proc(5). */
static void decode_octal(char *text)
{
	char *out = text;

	for (; *text; text++) {
		if (text[0] == '\\' && text[1] && text[2] && text[3]) {
			*out++ = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
			text += 3;
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
}

/* One line of mountinfo: "ID PARENT MAJ:MIN ROOT MOUNT-POINT …"; an nsfs root reads "net:[4026532281]". */
static int look_at_mount(struct context *context, char *line)
{
	enum ns_type type;
	ino_t ino;
	char *fields[5];

	for (size_t i = 0; i < 5; i++) {
		fields[i] = strsep(&line, " ");
		if (!fields[i])
			return 0;
	}
	if (!process_parse_link(fields[3], &type, &ino) || !(context->search->types & (1U << type)))
		return 0;
	if (!context->search->id && ino != context->search->ino)
		return 0;
	decode_octal(fields[4]);
	return open_candidate(context, AT_FDCWD, fields[4]);
}

static int look_at_mounts(struct context *context)
{
	AUTO_FREE char *line = NULL;
	size_t size = 0;
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	int ret = 0;

	if (!mounts)
		return -errno;
	while (ret == 0 && getline(&line, &size, mounts) > 0)
		ret = look_at_mount(context, line);
	fclose(mounts);
	return ret;
}

static int search_everywhere(struct context *context)
{
	look_fn *const steps[] = {look_at_links, look_at_threads, look_at_files};

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		int ret = for_each_process(context, steps[i]);

		if (ret != 0)
			return ret;
	}
	return look_at_mounts(context);
}

int search_ns(struct search *search, struct ns *found)
{
	AUTO_CLOSE int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct context context = {.search = search, .found = found, .own_proc = proc};
	int ret;

	found->fd = -1;
	search->processes = 0;
	search->unreadable = 0;
	if (proc < 0)
		return -errno;
	ret = search_everywhere(&context);
	u64_set_free(&context.seen);
	if (ret < 0)
		return ret;
	return ret == 1 ? 0 : -ENOENT;
}

static bool is_member(int proc_fd, const char *pid, const struct ns *ns, enum ns_link link)
{
	char path[64];
	char text[64];
	enum ns_type type;
	ino_t ino;
	ssize_t length;

	snprintf(path, sizeof(path), "%.16s/ns/%s", pid, ns_link_name(link));
	length = readlinkat(proc_fd, path, text, sizeof(text) - 1);
	if (length < 0)
		return false;
	text[length] = '\0';
	return process_parse_link(text, &type, &ino) && ino == ns->ino;
}

pid_t search_member(const struct ns *ns, enum ns_link link)
{
	AUTO_CLOSEDIR DIR *proc = opendir("/proc");
	struct dirent *entry;
	uint64_t pid;

	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		if (text_parse_number(entry->d_name, PROCESS_PID_MAX, &pid) &&
		    is_member(dirfd(proc), entry->d_name, ns, link))
			return (pid_t)pid;
	}
	return -ENOENT;
}
