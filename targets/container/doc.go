// Package container runs a service under test in a container and leaves no container behind, whatever way the run ends.
//
//   - [Available] and [SkipReason] tell whether there is a Docker engine.
//   - [BuildStatic] makes an image around one static binary; no registry is needed.
//   - [Run] and [Fleet.Run] start a container and wait until the service answers; [Instance] is what they return.
//   - [Launcher] starts a container for each service that is asked for, and connects a target to it.
//   - [Fleet.Close] removes everything a run has started; [Sweep] removes what a killed run left behind.
//
// A run defers [Fleet.Close], which covers success, failure and panic, and cancels its context on SIGINT and SIGTERM. SIGKILL
// leaves no time for that, so every container carries labels that name the process that owns it, and the next run starts with
// [Sweep]. Where the image of Ryuk, the reaper of testcontainers, is present it is used as well; it ends some seconds after the
// run, and is published as testcontainers decides, on all addresses. Without that image nothing of it is started.
//
// Nobody has to set a variable for any of this: which address reaches the service is found out by asking it. DOCKER_HOST is
// respected where it is set.
package container
