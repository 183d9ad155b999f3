/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * container/: which container a cgroup belongs to, what the state files say of it, and
 * whose state files are believed.  Recorded files lie in tests/data/containers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "container/container.h"
#include "container/json_skim.h"
#include "container/search.h"
#include "container/state_file.h"

#define DOCK1 "c7f4663d2b132c01551428ed37cbc839613e8449755eff32c68cc7f8a7b6c591"
#define PODMAN_WEB "302af269e436afdfd0debed87ca0ba9899d183f9a8e1b8afa3a5053181dbd50a"
#define PODMAN_INFRA "c991c663f829304ce9974648f7013e1bb816b31fb9eb6f509af5b005eae296c8"
#define PODMAN_A "596ad0a75a724b27b5f15362809ddb91762e1ee9d3beecb413fda15ac43e3261"
#define PODMAN_POD "101b82d25b49d8b1b1a3a1d0d2f9ab7ba15a8df18b7d4ab3b9f0a6e6f8a8ce77"
#define NGINX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SANDBOX "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
#define CRIO "1111111111111111111111111111111111111111111111111111111111111111"
#define NOBODY "9999999999999999999999999999999999999999999999999999999999999999"

#define DOCKER "/var/lib/docker/containers"
#define STORAGE "/var/lib/containers/storage/overlay-containers"
#define TASKS "/run/containerd/io.containerd.runtime.v2.task"

/* An ordinary user, whose containers root sees; if the tests run as one, that one. */
#define USER 61234

/* A tree with state files, and what is read there. */
struct world {
	char root[64];
	uid_t user;
	struct containers containers;
};

static void fill_path(const struct world *world, const char *path, char full[PATH_MAX])
{
	assert_true(snprintf(full, PATH_MAX, "%s%s", world->root, path) < PATH_MAX);
}

static void make_directories(const struct world *world, const char *path)
{
	char full[PATH_MAX];

	fill_path(world, path, full);
	for (char *slash = full + strlen(world->root); (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		assert_true(mkdir(full, 0755) == 0 || errno == EEXIST);
		*slash = '/';
	}
}

static void write_bytes(const struct world *world, const char *path, const char *text, size_t length)
{
	char full[PATH_MAX];
	int fd;

	make_directories(world, path);
	fill_path(world, path, full);
	fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, length), length);
	assert_int_equal(close(fd), 0);
}

static void write_file(const struct world *world, const char *path, const char *text)
{
	write_bytes(world, path, text, strlen(text));
}

static char *load_sample(const char *name)
{
	const char *directory = getenv("TEST_DATA");
	char path[PATH_MAX];
	char *text = NULL;

	assert_non_null(directory);
	snprintf(path, sizeof(path), "%s/containers/%s", directory, name);
	assert_true(file_load_at(AT_FDCWD, path, 1U << 20, &text) > 0);
	return text;
}

static void copy_sample(const struct world *world, const char *name, const char *path)
{
	AUTO_FREE char *text = load_sample(name);

	write_file(world, path, text);
}

/* All runtimes, each with a container. */
static void fill_world(const struct world *world)
{
	copy_sample(world, "docker-config.v2.json", DOCKER "/" DOCK1 "/config.v2.json");
	copy_sample(world, "runc-state.json", "/run/docker/runtime-runc/moby/" DOCK1 "/state.json");
	copy_sample(world, "podman-containers.json", STORAGE "/containers.json");
	copy_sample(world, "kubernetes-config.json", TASKS "/k8s.io/" NGINX "/config.json");
	write_file(world, TASKS "/k8s.io/" NGINX "/init.pid", "4128");
	write_file(world, TASKS "/k8s.io/" SANDBOX "/config.json",
		   "{\"annotations\": {\"io.kubernetes.cri.container-type\": \"sandbox\","
		   "\"io.kubernetes.cri.sandbox-name\": \"nginx-7d\", "
		   "\"io.kubernetes.cri.sandbox-namespace\": \"default\"}}");
	write_file(world, TASKS "/default/ctr1/config.json", "{\"ociVersion\": \"1.0.2\"}");
	write_file(world, "/run/containers/storage/overlay-containers/" CRIO "/userdata/config.json",
		   "{\"annotations\": {\"io.kubernetes.cri-o.ContainerType\": \"container\", "
		   "\"io.kubernetes.pod.name\": \"db-0\", \"io.kubernetes.pod.namespace\": \"shop\", "
		   "\"io.kubernetes.cri-o.ImageName\": \"postgres:15\", "
		   "\"io.kubernetes.container.name\": \"postgres\"}}");
	write_file(world, "/run/containers/storage/overlay-containers/" CRIO "/userdata/pidfile", "77\n");
	copy_sample(world, "runc-state.json", "/run/runc/r1/state.json");
	copy_sample(world, "crun-status.json", "/run/crun/c1/status");
	write_file(world, "/var/lib/lxc/lx1/config", "lxc.uts.name = lx1\n");
	write_file(world, "/run/systemd/machines/m1",
		   "# This is private data. Do not parse.\nNAME=m1\nSCOPE=machine-m1.scope\n"
		   "SERVICE=systemd-nspawn\nLEADER=52\nCLASS=container\n");
	write_file(world, "/run/systemd/machines/my-vm", "NAME=my-vm\nLEADER=53\nCLASS=vm\n");
	write_file(world, "/run/systemd/machines/a-b", "NAME=a-b\nLEADER=54\nCLASS=container\n");
}

static int make_world(void **state)
{
	static struct world world;

	world = (struct world){.root = "/tmp/nsctl-test-XXXXXX", .user = geteuid() == 0 ? USER : geteuid()};
	if (!mkdtemp(world.root) || chmod(world.root, 0755) < 0)
		return -1;
	*state = &world;
	return containers_open(world.root, &world.containers);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int remove_world(void **state)
{
	struct world *world = *state;

	containers_free(&world->containers);
	return nftw(world->root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* What was read is kept: to see a change, one begins anew. */
static void begin_anew(struct world *world)
{
	containers_free(&world->containers);
	assert_int_equal(containers_open(world->root, &world->containers), 0);
}

/* The state files of root's containers are believed only if they are root's. */
/* valgrind 3.19 has not. */
static bool has_openat2(void)
{
	return syscall(SYS_openat2, AT_FDCWD, ".", NULL, (size_t)0) == 0 || errno != ENOSYS;
}

static struct world *start_as_root(void **state)
{
	if (geteuid() != 0 || !has_openat2())
		skip();
	fill_world(*state);
	return *state;
}

static const struct container *find(struct world *world, const char *cgroup)
{
	const struct container *found;
	int ret = containers_of_cgroup(&world->containers, cgroup, &found);

	assert_true(ret == 0 || ret == -ENOENT);
	assert_true(ret == 0 ? found != NULL : found == NULL);
	return found;
}

static void is_text(const char *actual, const char *expected)
{
	if (expected) {
		assert_non_null(actual);
		assert_string_equal(actual, expected);
	} else {
		assert_null(actual);
	}
}

/* Each cgroup is of this container, with its state files. */
static void is_found(struct world *world, const char *cgroup, const char *runtime, const char *id)
{
	const struct container *found = find(world, cgroup);

	assert_non_null(found);
	is_text(container_runtime(found), runtime);
	is_text(found->id, id);
	assert_true(found->is_known);
}

#define POD_SLICE                                                                                            \
	"/kubepods.slice/kubepods-burstable.slice/"                                                          \
	"kubepods-burstable-pod3c2d1c5e_1111_4222_8333_444455556666.slice"
#define POD_CGROUPFS "/kubepods/burstable/pod3c2d1c5e-1111-4222-8333-444455556666"

static void the_cgroups_of_all_runtimes(void **state)
{
	static const struct {
		const char *cgroup;
		const char *runtime;
		const char *id;
	} forms[] = {
	    {"/docker/" DOCK1, "docker", DOCK1},
	    {"/prefix/of/this/machine/docker/" DOCK1, "docker", DOCK1},
	    {"/docker/" DOCK1 "/init.scope", "docker", DOCK1},
	    {"/system.slice/docker-" DOCK1 ".scope", "docker", DOCK1},
	    {POD_CGROUPFS "/" DOCK1, "docker", DOCK1},
	    {"/libpod_parent/libpod-" PODMAN_WEB, "podman", PODMAN_WEB},
	    {"/machine.slice/libpod-" PODMAN_WEB ".scope", "podman", PODMAN_WEB},
	    {"/machine.slice/libpod-" PODMAN_WEB ".scope/container", "podman", PODMAN_WEB},
	    {"/libpod_parent/" PODMAN_POD "/libpod-" PODMAN_A, "podman", PODMAN_A},
	    {POD_CGROUPFS "/" NGINX, "containerd", NGINX},
	    {POD_SLICE "/cri-containerd-" NGINX ".scope", "containerd", NGINX},
	    {"/payload" POD_SLICE "/cri-containerd-" SANDBOX ".scope", "containerd", SANDBOX},
	    {"/default/ctr1", "containerd", "ctr1"},
	    {POD_SLICE "/crio-" CRIO ".scope", "cri-o", CRIO},
	    {POD_CGROUPFS "/crio-" CRIO, "cri-o", CRIO},
	    {"/r1", "runc", "r1"},
	    {"/prefix/r1/below", "runc", "r1"},
	    {"/system.slice/runc-r1.scope", "runc", "r1"},
	    {"/c1", "crun", "c1"},
	    {"/lxc.payload.lx1", "lxc", "lx1"},
	    {"/lxc.payload.lx1/system.slice/nginx.service", "lxc", "lx1"},
	    {"/lxc.payload/lx1", "lxc", "lx1"},
	    {"/lxc/lx1", "lxc", "lx1"},
	    {"/machine.slice/machine-m1.scope/payload", "nspawn", "m1"},
	    {"/machine.slice/machine-a\\x2db.scope/payload", "nspawn", "a-b"},
	    {"/machine.slice/systemd-nspawn@m1.service/payload", "nspawn", "m1"},
	};
	struct world *world = start_as_root(state);

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		is_found(world, forms[i].cgroup, forms[i].runtime, forms[i].id);
}

static void the_outermost_of_nested_containers(void **state)
{
	struct world *world = start_as_root(state);

	is_found(world, "/docker/" DOCK1 "/lxc.payload.lx1", "docker", DOCK1);
	is_found(world, "/lxc.payload.lx1/docker/" DOCK1, "lxc", "lx1");
	/* What has no state files here is less than what has. */
	is_found(world, "/docker/" NOBODY "/lxc.payload.lx1", "lxc", "lx1");
}

static void cgroups_of_no_container(void **state)
{
	static const char *const cgroups[] = {
	    "",
	    "/",
	    "/..",
	    "/init.scope",
	    "/user.slice/user-1000.slice/session-1.scope",
	    "/system.slice/docker.service",
	    "/docker",
	    "/docker/short",
	    "/docker/" DOCK1 "0",
	    "/system.slice/docker-" DOCK1,
	    "/machine.slice/libpod-conmon-" PODMAN_WEB ".scope",
	    "/crio-conmon-" CRIO,
	    "/lxc.monitor.lx1",
	    "/lxc.payload.",
	    "/r1x",
	    "/other/ctr1",
	    "/run",
	};
	struct world *world = start_as_root(state);

	for (size_t i = 0; i < sizeof(cgroups) / sizeof(cgroups[0]); i++)
		assert_null(find(world, cgroups[i]));
}

static void containers_without_state_files(void **state)
{
	static const struct {
		const char *cgroup;
		const char *runtime;
		const char *id;
		const char *name; /* NULL: the id */
	} forms[] = {
	    {"/docker/" NOBODY, "docker", NOBODY},
	    {"/machine.slice/libpod-" NOBODY ".scope", "podman", NOBODY},
	    {"/lxc.payload.gone", "lxc", "gone"},
	    {"/machine.slice/machine-gone.scope", "nspawn", "gone"},
	    {POD_SLICE "/cri-containerd-" NOBODY ".scope", "containerd", NOBODY},
	    {"/user.slice/user@1000.service/app.slice/app-flatpak-org.gnome.Maps-812.scope", "flatpak",
	     "org.gnome.Maps-812", "org.gnome.Maps"},
	};
	struct world *world = start_as_root(state);

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		const struct container *found = find(world, forms[i].cgroup);

		assert_non_null(found);
		is_text(container_runtime(found), forms[i].runtime);
		is_text(found->id, forms[i].id);
		is_text(found->name, forms[i].name ? forms[i].name : forms[i].id);
		assert_false(found->is_known && found->image);
	}
}

/* A user can give cgroups below the manager of the user's units any name. */
static void a_users_cgroup_is_no_container_of_root(void **state)
{
	struct world *world = start_as_root(state);
	const struct container *found =
	    find(world, "/user.slice/user-61234.slice/user@61234.service/user.slice/docker-" DOCK1 ".scope");

	assert_non_null(found);
	assert_false(found->is_known);
	assert_int_equal(found->user, USER);
	assert_null(found->image);
	assert_null(find(world, "/user.slice/user-61234.slice/user@61234.service/r1"));
	is_found(world, "/user.slice/user-0.slice/user@0.service/r1", "runc", "r1");
	/* These only look like it. */
	is_found(world, "/user@x.service/r1", "runc", "r1");
	is_found(world, "/user@.service/r1", "runc", "r1");
}

static void names_images_and_pods(void **state)
{
	static const struct {
		const char *cgroup;
		const char *name;
		const char *image;
		const char *pod;
		bool is_sandbox;
	} all[] = {
	    {"/docker/" DOCK1, "dock1", "localhost/bb:1", NULL, false},
	    {"/machine.slice/libpod-" PODMAN_WEB ".scope", "web", "localhost/bb:1", NULL, false},
	    {"/libpod_parent/" PODMAN_POD "/libpod-" PODMAN_A, "pod1-a", "localhost/bb:1", "101b82d25b49",
	     false},
	    {"/machine.slice/machine-libpod_pod_" PODMAN_POD ".slice/libpod-" PODMAN_INFRA ".scope",
	     "101b82d25b49-infra", "localhost/bb:1", "101b82d25b49", true},
	    {POD_CGROUPFS "/" NGINX, "nginx", NULL, "default/nginx-7d", false},
	    {POD_CGROUPFS "/" SANDBOX, SANDBOX, NULL, "default/nginx-7d", true},
	    {POD_CGROUPFS "/crio-" CRIO, "postgres", "postgres:15", "shop/db-0", false},
	    {"/default/ctr1", "ctr1", NULL, NULL, false},
	    {"/r1", "r1", NULL, NULL, false},
	    {"/lxc.payload.lx1", "lx1", NULL, NULL, false},
	};
	struct world *world = start_as_root(state);

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct container *found = find(world, all[i].cgroup);

		assert_non_null(found);
		is_text(found->name, all[i].name);
		is_text(found->image, all[i].image);
		is_text(found->pod, all[i].pod);
		assert_int_equal(found->is_sandbox, all[i].is_sandbox);
		assert_int_equal(found->user, 0);
	}
	is_text(find(world, "/default/ctr1")->space, "default");
	is_text(find(world, POD_CGROUPFS "/" NGINX)->space, "k8s.io");
}

/* Each level costs as many reads as there are runtimes. */
static void cgroups_below_many_others(void **state)
{
	struct world *world = start_as_root(state);
	char path[1024] = "";

	for (int i = 0; i < 60; i++)
		strcat(path, "/level");
	strcat(path, "/docker/" DOCK1);
	assert_non_null(find(world, path));
	path[0] = '\0';
	for (int i = 0; i < 70; i++)
		strcat(path, "/level");
	strcat(path, "/docker/" DOCK1);
	assert_null(find(world, path));
}

static struct container *find_mutable(struct world *world, const char *cgroup)
{
	const struct container *found = find(world, cgroup);

	for (size_t i = 0; found && i < world->containers.count; i++) {
		if (world->containers.items[i] == found)
			return world->containers.items[i];
	}
	fail();
	return NULL;
}

static void first_processes(void **state)
{
	static const struct {
		const char *cgroup;
		pid_t init;
		uint64_t start;
	} all[] = {
	    {"/docker/" DOCK1, 6671, 37983}, /* the state of runc, not State.Pid */
	    {"/r1", 6671, 37983},
	    {"/c1", 27502, 41236},
	    {"/machine.slice/machine-m1.scope/payload", 52, 0},
	    {POD_CGROUPFS "/" NGINX, 4128, 0},
	    {POD_CGROUPFS "/crio-" CRIO, 77, 0},
	};
	struct world *world = start_as_root(state);

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct container *container = find_mutable(world, all[i].cgroup);

		assert_int_equal(container_find_init(&world->containers, container), 0);
		assert_int_equal(container->init, all[i].init);
		assert_int_equal(container->start, all[i].start);
	}
	assert_int_equal(container_find_init(&world->containers, find_mutable(world, "/docker/" NOBODY)),
			 -ESRCH);
	/* Its cgroup is looked for on this machine, where others may run containers, too. */
	write_file(world, "/var/lib/lxc/nsctl-test-stopped/config", "");
	assert_int_equal(
	    container_find_init(&world->containers, find_mutable(world, "/lxc.payload.nsctl-test-stopped")),
	    -ESRCH);
}

/* By a runtime other than runc and crun: conmon has written the PID. */
static void the_first_process_of_podman(void **state)
{
	struct world *world = start_as_root(state);
	struct container *container;

	write_file(world, "/run/containers/storage/overlay-containers/" PODMAN_WEB "/userdata/pidfile", "78");
	container = find_mutable(world, "/machine.slice/libpod-" PODMAN_WEB ".scope");
	assert_int_equal(container_find_init(&world->containers, container), 0);
	assert_int_equal(container->init, 78);
	assert_int_equal(container->start, 0);
}

/* A file that outlived its container may have the PID of any process. */
static void a_reused_pid_is_not_its_first_process(void **state)
{
	struct world *world = start_as_root(state);
	AUTO_PROCESS struct process process = PROCESS_CLOSED;
	struct error err;
	char text[128];

	snprintf(text, sizeof(text), "{\"init_process_pid\": %d, \"init_process_start\": 1}", getpid());
	write_file(world, "/run/runc/stale/state.json", text);
	assert_int_equal(
	    container_open_init(&world->containers, find_mutable(world, "/stale"), &process, &err), -ESRCH);
	snprintf(text, sizeof(text), "CLASS=container\nLEADER=%d\n", getpid());
	write_file(world, "/run/systemd/machines/stale", text);
	assert_int_equal(container_open_init(&world->containers, find_mutable(world, "/machine-stale.scope"),
					     &process, &err),
			 -ESRCH);
}

static void configurations(void **state)
{
	struct world *world = start_as_root(state);
	AUTO_CLOSE int nginx = -1;
	AUTO_CLOSE int bundle = -1;

	nginx = container_open_config(&world->containers, find(world, POD_CGROUPFS "/" NGINX));
	assert_true(nginx >= 0);
	assert_int_equal(container_open_config(&world->containers, find(world, "/lxc.payload.lx1")), -ENOENT);
	/* runc knows where the configuration was. */
	assert_int_equal(container_open_config(&world->containers, find(world, "/r1")), -ENOENT);
	begin_anew(world);
	write_file(world, "/srv/bb/runc1/config.json", "{}");
	bundle = container_open_config(&world->containers, find(world, "/r1"));
	assert_true(bundle >= 0);
}

/* ---- state files that are not to be believed */

/* Whether the container of docker is known once the path has been changed. */
static bool is_dock1_known(struct world *world)
{
	const struct container *found;

	begin_anew(world);
	found = find(world, "/docker/" DOCK1);
	assert_non_null(found);
	assert_int_equal(found->is_known, found->image != NULL);
	return found->is_known;
}

static void change_mode(const struct world *world, const char *path, mode_t mode)
{
	char full[PATH_MAX];

	fill_path(world, path, full);
	assert_int_equal(chmod(full, mode), 0);
}

static void change_owner(const struct world *world, const char *path, uid_t uid, gid_t gid)
{
	char full[PATH_MAX];

	fill_path(world, path, full);
	assert_int_equal(chown(full, uid, gid), 0);
}

#define DOCK1_FILE DOCKER "/" DOCK1 "/config.v2.json"

static const char *const dock1_paths[] = {"/var", "/var/lib",       "/var/lib/docker",
					  DOCKER, DOCKER "/" DOCK1, DOCK1_FILE};

static void what_belongs_to_another(void **state)
{
	struct world *world = start_as_root(state);

	assert_true(is_dock1_known(world));
	for (size_t i = 0; i < sizeof(dock1_paths) / sizeof(dock1_paths[0]); i++) {
		change_owner(world, dock1_paths[i], USER, 0);
		assert_false(is_dock1_known(world));
		change_owner(world, dock1_paths[i], 0, 0);
		assert_true(is_dock1_known(world));
	}
}

static void what_others_can_write_to(void **state)
{
	struct world *world = start_as_root(state);

	for (size_t i = 0; i < sizeof(dock1_paths) / sizeof(dock1_paths[0]); i++) {
		change_mode(world, dock1_paths[i], 0757);
		assert_false(is_dock1_known(world));
		/* With an ACL, the bits of the group are its mask. */
		change_mode(world, dock1_paths[i], 0775);
		assert_false(is_dock1_known(world));
		change_mode(world, dock1_paths[i], 0755);
		assert_true(is_dock1_known(world));
	}
	/* In /tmp only the owner of an entry can replace it. */
	change_mode(world, "/var/lib", 01777);
	assert_true(is_dock1_known(world));
}

static void replace_by_link(const struct world *world, const char *path, const char *to)
{
	char full[PATH_MAX];

	fill_path(world, path, full);
	assert_int_equal(rename(full, to), 0);
	assert_int_equal(symlink(to, full), 0);
}

static void symbolic_links(void **state)
{
	struct world *world = start_as_root(state);
	char moved[PATH_MAX];

	/* A directory may be elsewhere, as administrators do it: what is above its end counts. */
	fill_path(world, "/srv/docker", moved);
	make_directories(world, "/srv/docker");
	replace_by_link(world, "/var/lib/docker", moved);
	assert_true(is_dock1_known(world));
	change_owner(world, "/srv", USER, 0);
	assert_false(is_dock1_known(world));
	change_owner(world, "/srv", 0, 0);
	/* But a state file is none, nor is its directory. */
	fill_path(world, "/srv/moved", moved);
	replace_by_link(world, DOCK1_FILE, moved);
	assert_false(is_dock1_known(world));
	fill_path(world, DOCK1_FILE, moved);
	assert_int_equal(unlink(moved), 0);
	copy_sample(world, "docker-config.v2.json", DOCK1_FILE);
	assert_true(is_dock1_known(world));
	fill_path(world, "/srv/moved-directory", moved);
	replace_by_link(world, DOCKER "/" DOCK1, moved);
	assert_false(is_dock1_known(world));
}

/* A link of a user could lead root to a server that does not answer. */
static void symbolic_links_of_users(void **state)
{
	struct world *world = start_as_root(state);
	struct containers *containers = &world->containers;
	char link[PATH_MAX];

	make_directories(world, "/home/u/near/");
	fill_path(world, "/home/u/link", link);
	assert_int_equal(symlink("near", link), 0);
	assert_int_equal(lchown(link, USER, USER), 0);
	assert_true(state_directory_open(containers, "/home/u/link", USER) >= 0);
	assert_int_equal(state_directory_open(containers, "/home/u/link", USER + 1), -EPERM);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(symlink("/proc/sys", link), 0);
	begin_anew(world);
	assert_true(state_directory_open(containers, "/home/u/link", USER) >= 0);
	assert_int_equal(lchown(link, USER, USER), 0);
	begin_anew(world);
	assert_int_equal(state_directory_open(containers, "/home/u/link", USER), -EXDEV);
}

/* A state file of a user can hold one of megabytes. */
static void a_path_of_any_length(void **state)
{
	struct world *world = start_as_root(state);
	size_t size = 1 << 20;
	AUTO_FREE char *path = malloc(size + 1);

	assert_non_null(path);
	for (size_t i = 0; i < size; i++)
		path[i] = i % 2 ? '.' : '/';
	path[size] = '\0';
	assert_int_equal(state_directory_open(&world->containers, path, 0), -ENAMETOOLONG);
}

static void a_fifo_is_not_waited_for(void **state)
{
	struct world *world = start_as_root(state);
	char path[PATH_MAX];

	fill_path(world, DOCK1_FILE, path);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_false(is_dock1_known(world));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_false(is_dock1_known(world));
}

static void text_that_is_cut(void **state)
{
	struct world *world = start_as_root(state);
	AUTO_FREE char *text = load_sample("docker-config.v2.json");
	size_t length = strlen(text);

	/* Wherever it ends, nothing is read beyond; what was read is a name or none. */
	for (size_t cut = 0; cut < length; cut += 7) {
		const struct container *found;

		write_bytes(world, DOCK1_FILE, text, cut);
		begin_anew(world);
		found = find(world, "/docker/" DOCK1);
		assert_non_null(found);
		assert_true(strcmp(found->name, "dock1") == 0 || strcmp(found->name, DOCK1) == 0);
		assert_true(!found->image || strcmp(found->image, "localhost/bb:1") == 0);
	}
	write_file(world, "/run/runc/cut/state.json",
		   "{\"id\":\"cut\",\"init_process_pid\":12,\"init_process_start\":3");
	assert_null(find(world, "/cut"));
}

/* Above the limit nothing is read of it, and a large one below it is no reason to fail. */
static void files_of_any_size(void **state)
{
	struct world *world = start_as_root(state);
	size_t size = 5 << 20;
	AUTO_FREE char *text = malloc(size);
	static const char begin[] = "{\"Name\": \"/large\", \"Config\": {\"Image\": \"i\"}, \"pad\": \"";

	assert_non_null(text);
	memset(text, 'x', size);
	memcpy(text, begin, strlen(begin));
	write_bytes(world, DOCK1_FILE, text, size);
	assert_false(is_dock1_known(world));
	memcpy(text + (3 << 20), "\"}", 2);
	write_bytes(world, DOCK1_FILE, text, (3 << 20) + 2);
	assert_true(is_dock1_known(world));
	is_text(find(world, "/docker/" DOCK1)->name, "large");
}

static void a_sparse_file_of_terabytes(void **state)
{
	struct world *world = start_as_root(state);
	char path[PATH_MAX];

	fill_path(world, DOCK1_FILE, path);
	assert_int_equal(truncate(path, (off_t)1 << 40), 0);
	assert_false(is_dock1_known(world));
}

static void names_with_any_bytes(void **state)
{
	static const struct {
		const char *json;
		const char *name;
	} all[] = {
	    {"\"/a\\u001b[31m\\n\\\"\\\\\"", "a\x1b[31m\n\"\\"},
	    {"\"/\xff\xfe\"", "\xff\xfe"},
	    {"\"/\\u00e9\"", "\xc3\xa9"},
	    {"\"no-slash\"", "no-slash"},
	    {"\"/a/b\"", "a/b"},
	    {"\"\"", DOCK1}, /* what is no name leaves the id */
	    {"\"/a\\u0000b\"", DOCK1},
	    {"17", DOCK1},
	    {"[\"/x\"]", DOCK1},
	    {"null", DOCK1},
	};
	struct world *world = start_as_root(state);

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char text[256];

		snprintf(text, sizeof(text), "{\"Config\": {\"Image\": \"i\"}, \"Name\": %s}", all[i].json);
		write_file(world, DOCK1_FILE, text);
		assert_true(is_dock1_known(world));
		is_text(find(world, "/docker/" DOCK1)->name, all[i].name);
	}
}

/* An id is one component of a path, wherever it comes from. */
static void ids_that_lead_elsewhere(void **state)
{
	struct world *world = start_as_root(state);

	write_file(world, "/run/secret/state.json", "{\"init_process_pid\": 1, \"init_process_start\": 1}");
	assert_null(find(world, "/.."));
	assert_null(find(world, "/runc-...scope"));
	assert_null(find(world, "/runc-..scope"));
	assert_null(find(world, "/machine-..\\x2f..\\x2fsecret.scope"));
	assert_null(find(world, "/../secret"));
	write_file(world, STORAGE "/containers.json",
		   "[{\"id\": \"../../x\", \"names\": [\"up\"]}, {\"id\": \"..\"}, {\"id\": \"\"}, {}, 5, "
		   "{\"id\": \"" PODMAN_WEB "\", \"names\": []}]");
	begin_anew(world);
	assert_int_equal(containers_list(&world->containers, runtime_find("podman", strlen("podman"))), 0);
	assert_int_equal(world->containers.count, 1);
	is_text(world->containers.items[0]->name, PODMAN_WEB);
}

/* ---- containers of users */

static void give_to_user(const struct world *world, const char *path)
{
	if (geteuid() == 0)
		change_owner(world, path, world->user, world->user);
}

/* The container r2 of runc, started by the user. */
static void make_users_container(const struct world *world, char *directory, size_t size)
{
	static const char *const below[] = {"", "/runc", "/runc/r2", "/runc/r2/state.json"};
	char path[PATH_MAX];

	snprintf(directory, size, "/run/user/%u", world->user);
	snprintf(path, sizeof(path), "%s/runc/r2/state.json", directory);
	write_file(world, path, "{\"id\": \"r2\", \"init_process_pid\": 12, \"init_process_start\": 34}");
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", directory, below[i]);
		give_to_user(world, path);
	}
}

static void the_containers_of_a_user(void **state)
{
	struct world *world = *state;
	const struct container *found;
	char directory[64];

	if (!has_openat2())
		skip();
	make_users_container(world, directory, sizeof(directory));
	found = find(world, "/user.slice/r2");
	assert_non_null(found);
	assert_true(found->is_known);
	assert_int_equal(found->user, world->user);
	is_text(container_runtime(found), "runc");
	/* What others can write to is believed of nobody. */
	change_mode(world, directory, 0777);
	begin_anew(world);
	assert_null(find(world, "/user.slice/r2"));
}

static void the_storage_in_a_home_directory(void **state)
{
	static const char *const below[] = {
	    "",
	    "/.local",
	    "/.local/share",
	    "/.local/share/containers",
	    "/.local/share/containers/storage",
	    "/.local/share/containers/storage/vfs-containers",
	    "/.local/share/containers/storage/vfs-containers/containers.json"};
	struct world *world = *state;
	const struct container *found;
	char path[PATH_MAX];
	char text[128];

	if (!has_openat2())
		skip();
	make_users_container(world, path, sizeof(path));
	snprintf(text, sizeof(text), "root:x:0:0::/root:/bin/sh\nu:x:%u:5::/home/u:/bin/sh\n", world->user);
	write_file(world, "/etc/passwd", text);
	copy_sample(world, "podman-containers.json",
		    "/home/u/.local/share/containers/storage/vfs-containers/containers.json");
	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		snprintf(path, sizeof(path), "/home/u%s", below[i]);
		give_to_user(world, path);
	}
	snprintf(path, sizeof(path), "/user.slice/user@%u.service/user.slice/libpod-" PODMAN_WEB ".scope",
		 world->user);
	found = find(world, path);
	assert_non_null(found);
	assert_int_equal(found->user, world->user);
	is_text(found->name, "web");
	change_mode(world, "/home/u/.local", 0777);
	begin_anew(world);
	found = find(world, path);
	assert_non_null(found);
	assert_false(found->is_known);
}

/* ---- searching, and parts of cgroups */

static size_t count_matches(struct world *world, const char *runtime, const char *word, bool is_pod)
{
	const struct container_search search = {.runtime =
						    runtime ? runtime_find(runtime, strlen(runtime)) : NULL,
						.word = word,
						.is_pod = is_pod};
	AUTO_MATCHES struct container_matches matches = {0};

	assert_true(!runtime || search.runtime);
	assert_int_equal(containers_search(&world->containers, &search, &matches), 0);
	return matches.count;
}

static void searching(void **state)
{
	struct world *world = start_as_root(state);

	assert_int_equal(count_matches(world, NULL, "dock1", false), 1);
	assert_int_equal(count_matches(world, "docker", "dock1", false), 1);
	assert_int_equal(count_matches(world, "podman", "dock1", false), 0);
	assert_int_equal(count_matches(world, NULL, "c7f4663d", false), 1);
	assert_int_equal(count_matches(world, NULL, DOCK1, false), 1);
	assert_int_equal(count_matches(world, NULL, "web", false), 1);
	assert_int_equal(count_matches(world, "containerd", "default/ctr1", false), 1);
	assert_int_equal(count_matches(world, "containerd", "other/ctr1", false), 0);
	assert_int_equal(count_matches(world, NULL, "default/nginx-7d", true), 1);
	assert_int_equal(count_matches(world, NULL, "default/nginx-7d/nginx", true), 1);
	assert_int_equal(count_matches(world, NULL, "shop/db-0/postgres", true), 1);
	assert_int_equal(count_matches(world, NULL, "", false), 0);
	/* Two are called the same. */
	write_file(world, "/var/lib/lxc/web/config", "");
	begin_anew(world);
	assert_int_equal(count_matches(world, NULL, "web", false), 2);
	assert_int_equal(count_matches(world, "lxc", "web", false), 1);
}

static void the_cgroup_of_the_container_itself(void **state)
{
	static const struct {
		const char *path;
		const char *own;
		size_t levels;
	} all[] = {
	    {"/docker/" DOCK1, "/docker/" DOCK1, 0},
	    {"/a/docker/" DOCK1 "/b/c", "/a/docker/" DOCK1, 2},
	    {"/docker/" DOCK1 "/docker/" DOCK1, "/docker/" DOCK1, 2},
	};
	struct world *world = start_as_root(state);
	const struct container *dock1 = find(world, "/docker/" DOCK1);
	char path[512];
	size_t levels;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		strcpy(path, all[i].path);
		assert_int_equal(containers_cut_cgroup(&world->containers, dock1, path, &levels), 0);
		assert_string_equal(path, all[i].own);
		assert_int_equal(levels, all[i].levels);
	}
	strcpy(path, "/lxc.payload.lx1/docker/" DOCK1);
	assert_int_equal(containers_cut_cgroup(&world->containers, dock1, path, &levels), -ENOENT);
	assert_string_equal(path, "/lxc.payload.lx1/docker/" DOCK1);
	strcpy(path, "/");
	assert_int_equal(containers_cut_cgroup(&world->containers, dock1, path, &levels), -ENOENT);
}

static void units(void **state)
{
	static const struct {
		const char *cgroup;
		const char *unit;
	} all[] = {
	    {"/system.slice/nginx.service", "nginx.service"},
	    {"/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service"},
	    {"/system.slice/nginx.service/below.scope", "nginx.service"},
	    {"/user.slice/user-1000.slice/user@1000.service/app.slice/foo.service", "user@1000/foo.service"},
	    {"/user.slice/user-1000.slice/user@1000.service/init.scope", "user@1000/init.scope"},
	    {"/user.slice/user-1000.slice/user@1000.service", "user@1000.service"},
	    {"/init.scope", "init.scope"},
	};
	static const char *const none[] = {"", "/", "/system.slice", "/.service", "/docker/" DOCK1};
	char unit[512];

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_true(unit_of_cgroup(all[i].cgroup, unit, sizeof(unit)));
		assert_string_equal(unit, all[i].unit);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(unit_of_cgroup(none[i], unit, sizeof(unit)));
}

/* ---- json_skim */

static struct json_text whole(const char *text)
{
	return json_whole(text, strlen(text));
}

/* The member of a text, as it stands there. */
static void is_member(const char *text, const char *key, const char *expected)
{
	struct json_text value = json_member(whole(text), key);

	if (!expected) {
		assert_null(value.at);
		return;
	}
	assert_non_null(value.at);
	assert_int_equal(value.length, strlen(expected));
	assert_memory_equal(value.at, expected, value.length);
}

static void members(void **state)
{
	(void)state;
	is_member("{\"a\": 1, \"b\": \"x\"}", "a", "1");
	is_member(" { \"a\" :\t1 ,\n\"b\":\"x\" } ", "b", "\"x\"");
	is_member("{\"a\":{\"b\":1},\"b\":[2,{\"b\":3}]}", "b", "[2,{\"b\":3}]");
	is_member("{\"a\": \"\\\"b\\\": 5\", \"b\": 6}", "b", "6");
	is_member("{\"a\": \"}\", \"b\": \"]{\", \"c\": true}", "c", "true");
	is_member("{\"a\": \"\\\\\", \"b\": null}", "b", "null");
	is_member("{\"ab\": 1, \"b\": 2}", "b", "2");
	is_member("{\"b\": 1, \"b\": 2}", "b", "1");
	is_member("{\"\": 1}", "", "1");
	is_member("{\"a\": -1.5e3}", "a", "-1.5e3");
}

static void members_that_are_not_there(void **state)
{
	static const char *const texts[] = {
	    "",
	    " ",
	    "{",
	    "{}",
	    "{\"a\"",
	    "{\"a\":",
	    "{\"a\":1",
	    "{\"a\" 1}",
	    "{a: 1}",
	    "[\"a\", 1]",
	    "\"a\"",
	    "{\"b\": 1}",
	    "{\"b\": 1",
	    "{\"b\": {\"a\": 1}}",
	    "{,\"a\":1}",
	    "{\"a\": }",
	    "{\"a\": \"x}",
	    "{\"a\": {1",
	    "{\"b\" \"a\": 1}",
	    "{\"A\": 1}",
	    "{\"b\": \"\\",
	    "{\"b\": 1; \"a\": 1}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		is_member(texts[i], "a", NULL);
	assert_null(json_member(JSON_NONE, "a").at);
	assert_null(json_member(json_member(whole("{}"), "x"), "a").at);
}

/* A value is whole only if something follows it. */
static void a_text_that_is_cut_has_no_half_value(void **state)
{
	static const char text[] = "{\"pid\": 1234, \"name\": \"web\"}";

	(void)state;
	for (size_t length = 0; length <= strlen(text); length++) {
		struct json_text object = json_whole(text, length);
		struct json_text pid = json_member(object, "pid");
		struct json_text name = json_member(object, "name");

		assert_true(!pid.at || (pid.length == 4 && length >= strlen("{\"pid\": 1234,")));
		assert_true(!name.at || (name.length == 5 && length >= strlen(text) - 1));
	}
}

static void items(void **state)
{
	struct json_text array = whole("[ 1 , \"a,b\" , [2, 3], {\"c\": [4]} ]");
	static const char *const expected[] = {"1", "\"a,b\"", "[2, 3]", "{\"c\": [4]}"};
	size_t count = 0;

	(void)state;
	for (struct json_text item = json_first(array); item.at; item = json_next(array, item)) {
		assert_true(count < 4);
		assert_int_equal(item.length, strlen(expected[count]));
		assert_memory_equal(item.at, expected[count++], item.length);
	}
	assert_int_equal(count, 4);
	assert_null(json_first(whole("[]")).at);
	assert_null(json_first(whole("{}")).at);
	assert_null(json_first(whole("")).at);
	assert_null(json_first(JSON_NONE).at);
	assert_null(json_first(whole("[1")).at);
}

/* A million brackets are no reason to recurse. */
static void deep_nesting(void **state)
{
	size_t depth = 1 << 20;
	AUTO_FREE char *text = malloc(2 * depth + 32);
	char *at = text;

	(void)state;
	assert_non_null(text);
	at += sprintf(at, "{\"a\": ");
	memset(at, '[', depth);
	memset(at + depth, ']', depth);
	strcpy(at + 2 * depth, ", \"b\": 1}");
	is_member(text, "b", "1");
	at[2 * depth] = '\0';
	at[2 * depth - 1] = '\0';
	assert_null(json_member(json_whole(text, (size_t)(at - text) + 2 * depth - 1), "a").at);
}

static void is_string(const char *text, const char *expected)
{
	AUTO_FREE char *decoded = json_get_string(whole(text));

	is_text(decoded, expected);
}

static void strings(void **state)
{
	(void)state;
	is_string("\"web\"", "web");
	is_string("\"\"", "");
	is_string("\"a\\n\\t\\\"\\\\\\/\"", "a\n\t\"\\/");
	is_string("\"\\u001b\\u00e9\\ud83d\\ude00\"", "\x1b\xc3\xa9\xf0\x9f\x98\x80");
	is_string("\"\xff\"", "\xff");
	is_string("\"\\u0000\"", NULL);
	is_string("\"\\ud83d\"", NULL);
	is_string("\"\\x\"", NULL);
	is_string("\"", NULL);
	is_string("1", NULL);
	is_string("[\"a\"]", NULL);
	assert_null(json_get_string(JSON_NONE));
	assert_null(json_get_string(json_whole("\"a\0b\"", 5)));
	assert_true(json_is_word(whole("\"sandbox\""), "sandbox"));
	assert_false(json_is_word(whole("\"sandboxes\""), "sandbox"));
	assert_false(json_is_word(whole("sandbox"), "sandbox"));
	assert_false(json_is_word(whole("\""), ""));
	assert_false(json_is_word(JSON_NONE, ""));
}

static void numbers(void **state)
{
	static const char *const none[] = {
	    "-1", "1.0", "1e3", "01", "\"1\"", "x", "", "4194305", "99999999999999999999"};
	uint64_t number;

	(void)state;
	assert_true(json_get_number(whole("0"), 4194304, &number));
	assert_int_equal(number, 0);
	assert_true(json_get_number(whole("4194304"), 4194304, &number));
	assert_int_equal(number, 4194304);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(json_get_number(whole(none[i]), 4194304, &number));
	assert_false(json_get_number(JSON_NONE, 1, &number));
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, make_world, remove_world)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_WORLD(the_cgroups_of_all_runtimes),
	    IN_WORLD(the_outermost_of_nested_containers),
	    IN_WORLD(cgroups_below_many_others),
	    IN_WORLD(cgroups_of_no_container),
	    IN_WORLD(containers_without_state_files),
	    IN_WORLD(a_users_cgroup_is_no_container_of_root),
	    IN_WORLD(names_images_and_pods),
	    IN_WORLD(first_processes),
	    IN_WORLD(the_first_process_of_podman),
	    IN_WORLD(a_reused_pid_is_not_its_first_process),
	    IN_WORLD(configurations),
	    IN_WORLD(what_belongs_to_another),
	    IN_WORLD(what_others_can_write_to),
	    IN_WORLD(symbolic_links),
	    IN_WORLD(symbolic_links_of_users),
	    IN_WORLD(a_path_of_any_length),
	    IN_WORLD(a_fifo_is_not_waited_for),
	    IN_WORLD(text_that_is_cut),
	    IN_WORLD(files_of_any_size),
	    IN_WORLD(a_sparse_file_of_terabytes),
	    IN_WORLD(names_with_any_bytes),
	    IN_WORLD(ids_that_lead_elsewhere),
	    IN_WORLD(the_containers_of_a_user),
	    IN_WORLD(the_storage_in_a_home_directory),
	    IN_WORLD(searching),
	    IN_WORLD(the_cgroup_of_the_container_itself),
	    cmocka_unit_test(units),
	    cmocka_unit_test(members),
	    cmocka_unit_test(members_that_are_not_there),
	    cmocka_unit_test(a_text_that_is_cut_has_no_half_value),
	    cmocka_unit_test(items),
	    cmocka_unit_test(deep_nesting),
	    cmocka_unit_test(strings),
	    cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
