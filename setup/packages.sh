# The distribution's packages. Sourced after steps.sh and rights.sh.
# shellcheck shell=bash

# install_packages PACKAGE...: installs, through apt, those that are missing.
install_packages() {
    local package missing=()
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] ||
            missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        already "Packages $*"
        return
    fi
    ask_for_root "Installing ${missing[*]}"
    step "Installing the distribution's packages: ${missing[*]}"
    follow packages apt_install "${missing[@]}" ||
        fail_with_log packages "apt could not install ${missing[*]}." \
            "Mend what it says above (is the network up?), then run the same command again."
}

apt_install() {
    # A run that was interrupted may have left packages unpacked but not configured.
    as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a
    # A broken third-party source must not stop what the others can give.
    as_root apt-get -q update || true
    as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a \
        apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@"
}
