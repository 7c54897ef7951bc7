package dev.ermine.app.command;

import dev.ermine.region.Regions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options by which every command is told where the files are, and how to answer. */
final class TrustFiles {

  @Option(names = "--regions", paramLabel = "FILE", description = "The regions (${DEFAULT-VALUE}).")
  private Path regions = Path.of("regions.yaml");

  @Mixin private Answering answering = new Answering();

  Path regions() {
    return regions;
  }

  Path certs() {
    return answering.certs();
  }

  boolean json() {
    return answering.json();
  }

  /** The version, unless the file has faults; those are then told. */
  Optional<Regions> version(PrintWriter err) {
    return Versions.read(regions, certs(), err);
  }
}
