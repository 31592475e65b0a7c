# The rights that the set-up needs beyond its user's own. Sourced after steps.sh.
# shellcheck shell=bash

# as_root COMMAND...: directly for root, through sudo for anybody else.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# ask_for_root PURPOSE: says that sudo is needed, and stops where it can't be had.
ask_for_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null ||
        fail "$1 takes root's rights, and there is no sudo for $(id -un) here." \
            "Run the same command as root, or ask whoever administers this machine."
    step "$1 takes root's rights: using sudo"
    sudo -n true 2>/dev/null || sudo -v ||
        fail "sudo did not give $(id -un) root's rights." \
            "Run the same command as root, or ask whoever administers this machine."
}

# docker_group: the group whose members may use Docker's socket.
docker_group() { stat -c %G /var/run/docker.sock; }

# member_of GROUP: as the database says; this process may have been started before that.
member_of() { id -nG "$(id -un)" | tr ' ' '\n' | grep -qx "$1"; }

# with_renewed_groups COMMAND...: becomes the command, run by the same user with the groups as
# the database has them now. Without it a new member would have to log out and in again.
with_renewed_groups() {
    ask_for_root "Being in the group $(docker_group) before the next login"
    exec sudo --preserve-env setpriv --reuid "$(id -u)" --regid "$(id -g)" --init-groups \
        env PATH="$PATH" HOME="$HOME" VOIPLAB_GROUPS_RENEWED=1 "$@"
}
