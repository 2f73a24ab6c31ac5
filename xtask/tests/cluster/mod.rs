//! A Slurm cluster of one node, on loopback, with everything that it writes in one directory.
//!
//! ```text
//! DIRECTORY/  munge.key  munge.socket  slurm.conf  state/  spool/  *.log
//! ```
//!
//! Its three daemons run in the foreground as children of this process, which is also made the parent of whatever they
//! leave behind: when the cluster is dropped, all of it ends.

mod descendants;

use std::fs::{File, Permissions};
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use phase7::wait::until;

/// The running cluster.
pub struct Cluster {
    directory: PathBuf,
    daemons: Vec<Child>,
}

impl Cluster {
    /// Starts it in `directory`, and waits until its node takes jobs.
    pub fn start(directory: &Path, deadline: Duration) -> Self {
        nix::sys::prctl::set_child_subreaper(true).expect("the kernel lets every process be one");
        for name in ["state", "spool"] {
            std::fs::create_dir_all(directory.join(name)).expect("directories can be made");
        }
        let mut cluster = Self {
            directory: directory.to_owned(),
            daemons: Vec::new(),
        };
        cluster.write("munge.key", &random_key(), 0o400);
        let path = |name: &str| directory.join(name).display().to_string();
        let [key, socket, configuration] = ["munge.key", "munge.socket", "slurm.conf"].map(path);
        let [seed, pid, log] = ["munge.seed", "munge.pid", "munge.log"].map(path);
        cluster.daemon(
            "munged",
            &[
                "--foreground",
                "--force",
                &format!("--key-file={key}"),
                &format!("--socket={socket}"),
                &format!("--seed-file={seed}"),
                &format!("--pid-file={pid}"),
                &format!("--log-file={log}"),
            ],
        );
        until("munged's socket", deadline, || Path::new(&socket).exists());
        cluster.write("slurm.conf", cluster.configuration().as_bytes(), 0o644);
        cluster.daemon("slurmctld", &["-D", "-c", "-f", &configuration]);
        let step = program("slurmstepd").display().to_string();
        cluster.daemon("slurmd", &["-D", "-f", &configuration, "-d", &step]);
        until("an idle node", deadline, || {
            cluster.told("sinfo", &["--noheader", "--format=%T"]) == "idle"
        });
        cluster
    }

    /// What both daemons and all clients are told. The scheduler starts jobs at once, not once in half a minute.
    fn configuration(&self) -> String {
        let host = nix::unistd::gethostname().expect("the machine has a name");
        let host = host.to_string_lossy();
        let host = host.split('.').next().unwrap_or_default();
        let user = nix::unistd::geteuid();
        let cpus = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let [control, node] = free_ports();
        let directory = self.directory.display();
        format!(
            "ClusterName=test\nSlurmctldHost={host}(127.0.0.1)\nSlurmctldPort={control}\nSlurmdPort={node}\n\
             CommunicationParameters=NoCtldInAddrAny,NoInAddrAny\n\
             SlurmUser={user}\nSlurmdUser={user}\nAuthType=auth/munge\nAuthInfo=socket={directory}/munge.socket\n\
             CredType=cred/munge\nStateSaveLocation={directory}/state\nSlurmdSpoolDir={directory}/spool\n\
             SlurmctldPidFile={directory}/slurmctld.pid\nSlurmdPidFile={directory}/slurmd.pid\n\
             SlurmctldLogFile={directory}/slurmctld.log\nSlurmdLogFile={directory}/slurmd.log\n\
             ProctrackType=proctrack/linuxproc\nTaskPlugin=task/none\nSwitchType=switch/none\nMpiDefault=none\n\
             JobAcctGatherType=jobacct_gather/none\nAccountingStorageType=accounting_storage/none\n\
             SelectType=select/cons_tres\nSelectTypeParameters=CR_Core\nMailProg=/bin/true\n\
             SchedulerType=sched/builtin\nSchedulerParameters=sched_min_interval=0,batch_sched_delay=0\n\
             NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN\n\
             PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP\n"
        )
    }

    fn write(&self, name: &str, bytes: &[u8], mode: u32) {
        let path = self.directory.join(name);
        std::fs::write(&path, bytes).expect("a file can be written");
        std::fs::set_permissions(&path, Permissions::from_mode(mode)).expect("it is this user's");
    }

    fn daemon(&mut self, name: &str, arguments: &[&str]) {
        let output = File::create(self.directory.join(format!("{name}.out"))).expect("a file can be made");
        let daemon = Command::new(program(name))
            .args(arguments)
            .env("SLURM_CONF", self.directory.join("slurm.conf"))
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("descriptors are left"))
            .stderr(output)
            .spawn();
        self.daemons
            .push(daemon.unwrap_or_else(|error| panic!("{name}: {error}")));
    }

    /// What a command prints that talks to the cluster, if it does well.
    pub fn run(&self, command: &mut Command) -> String {
        command.env("SLURM_CONF", self.directory.join("slurm.conf"));
        let output = command.output().expect("it can be started");
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{command:?}:\n{text}");
        text
    }

    fn told(&self, client: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program(client));
        command
            .args(arguments)
            .env("SLURM_CONF", self.directory.join("slurm.conf"));
        let output = command.output().expect("it can be started");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Waits until no job is left, whether they ended well or not.
    pub fn wait_for_jobs(&self, deadline: Duration) {
        until("the end of all jobs", deadline, || {
            self.told("squeue", &["--noheader"]).is_empty()
        });
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        descendants::end();
        for daemon in &mut self.daemons {
            let _ = daemon.wait();
        }
    }
}

/// Where a program lies. Debian names the daemons for their build, and links them from where an administrator decides.
fn program(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories: Vec<_> = std::env::split_paths(&path).chain(["/usr/sbin".into()]).collect();
    let places = [name.to_owned(), format!("{name}-wlm")];
    let mut places = places
        .iter()
        .flat_map(|name| directories.iter().map(move |directory| directory.join(name)));
    places.find(|place| place.is_file()).unwrap_or_else(|| {
        panic!("{name} is not installed: apt-get install slurmctld slurmd munge slurm-client")
    })
}

/// A key that no other cluster has.
fn random_key() -> Vec<u8> {
    let mut key = vec![0; 128];
    let mut source = File::open("/dev/urandom").expect("it is there");
    source.read_exact(&mut key).expect("it has no end");
    key
}

/// Two ports of loopback that nobody listens on.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port is free"));
    listeners.map(|listener| listener.local_addr().expect("it is bound").port())
}
