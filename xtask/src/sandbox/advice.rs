//! Why a machine refuses a layer, and what to do about it.

use std::path::Path;

use super::Layer;

/// Settings of the kernel that keep ordinary users from namespaces: the file, the value that refuses, and the remedy.
const SETTINGS: [(&str, &str, &str); 3] = [
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor forbids it; `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` allows it",
    ),
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "the kernel forbids it; `sudo sysctl -w kernel.unprivileged_userns_clone=1` allows it",
    ),
    (
        "/proc/sys/user/max_user_namespaces",
        "0",
        "the kernel forbids it; `sudo sysctl -w user.max_user_namespaces=10000` allows it",
    ),
];

/// What was tried and the system's answer, and what would help.
pub fn add_to(layer: Layer, why: &str) -> String {
    match remedy(layer, Path::new("/")) {
        Some(remedy) => format!("{why} ({remedy})"),
        None => why.to_owned(),
    }
}

/// What would help on the machine whose files are below `root`.
fn remedy(layer: Layer, root: &Path) -> Option<&'static str> {
    match layer {
        Layer::UserNamespace
        | Layer::PidNamespace
        | Layer::MountNamespace
        | Layer::NetworkNamespace
        | Layer::IpcNamespace => {
            let refusal = SETTINGS.iter().find(|(file, refusing, _)| {
                std::fs::read_to_string(root.join(file.trim_start_matches('/')))
                    .is_ok_and(|value| value.trim() == *refusing)
            });
            Some(refusal.map_or(
                "a container may forbid it; grade outside of it, or start it with \
                 `--security-opt seccomp=unconfined --cap-add SYS_ADMIN`",
                |(_, _, remedy)| remedy,
            ))
        }
        Layer::Proc => {
            Some("a container hides parts of its own; `--security-opt systempaths=unconfined` shows them")
        }
        Layer::OwnUser => {
            Some("the container gives root no other user; start the grader as an ordinary user")
        }
        Layer::Landlock(_) => Some("it came with Linux 5.13, and `lsm=` at boot may leave it out"),
        Layer::Seccomp => Some("the kernel was built without CONFIG_SECCOMP_FILTER"),
        Layer::Limits => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_refuses_is_named_with_its_remedy() {
        let root = tempfile::tempdir().unwrap();
        let directory = root.path().join("proc/sys/kernel");
        std::fs::create_dir_all(&directory).unwrap();
        let setting = directory.join("apparmor_restrict_unprivileged_userns");
        std::fs::write(&setting, "1\n").unwrap();
        let remedy_now = || remedy(Layer::UserNamespace, root.path()).unwrap();
        assert!(remedy_now().contains("apparmor_restrict_unprivileged_userns=0"));
        std::fs::write(&setting, "0\n").unwrap();
        assert!(remedy_now().contains("container"));
    }
}
