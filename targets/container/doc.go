// Package container runs a service under test in a container, with what it needs beside it, and leaves no container and no
// network behind, whatever way the run ends.
//
//   - [Available] and [SkipReason] tell whether there is a Docker engine.
//   - [BuildStatic] makes an image around one static binary; no registry is needed. Any other image does as well.
//   - [Run] and [Fleet.Run] start a container as [Options] say and wait until it is [Ready]; [Instance] is what they return.
//   - [File] is what is copied into it, [Service] what runs beside it, reached by name on a network of their own.
//   - [Instance.Exec] runs a command in it, [Instance.Restart] and [Instance.RestartAll] restart it, [Instance.LogsBetween]
//     is what it said around a leak.
//   - [Launcher] starts a container for each service that is asked for, and connects a target to it.
//   - [Fleet.Close] removes everything a run has started; [Sweep] removes what a killed run left behind.
//
// A run defers [Fleet.Close], which covers success, failure and panic, and cancels its context on SIGINT and SIGTERM. SIGKILL
// leaves no time for that, so every container and network carries labels that name the process that owns it, and the next run
// starts with [Sweep]. Where the image of Ryuk, the reaper of testcontainers, is present it is used as well; it ends some
// seconds after the run, and is published as testcontainers decides, on all addresses. Without that image nothing of it is
// started.
//
// Every port is published on 127.0.0.1 only, those of the services beside included. An engine in its default configuration has
// addresses for about thirty networks, so no more than that many containers with services run at a time.
//
// Nobody has to set a variable for any of this: which address reaches the service is found out by asking it. DOCKER_HOST is
// respected where it is set.
package container
