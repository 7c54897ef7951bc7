package dev.ermine.app.command;

import dev.ermine.region.Fault;
import dev.ermine.region.Reading;
import dev.ermine.region.Regions;
import dev.ermine.region.RegionsFile;
import dev.ermine.region.Stage;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads versions of {@code regions.yaml}: keys of development are believed, for nobody is asked.
 */
final class Versions {

  private Versions() {}

  /** The version, unless the file has faults; those are then told. */
  static Optional<Regions> read(Path file, Path certs, PrintWriter err) {
    return switch (RegionsFile.read(file, certs, Stage.SANDBOX)) {
      case Reading.Loaded(Regions regions) -> Optional.of(regions);
      case Reading.Faulty faulty -> {
        faulty.faults().forEach(fault -> err.println(told(file, fault)));
        yield Optional.empty();
      }
    };
  }

  static String told(Path file, Fault fault) {
    String path = fault.path().isEmpty() ? "" : " " + fault.path();
    return file + ":" + fault.line() + path + ": " + fault.message();
  }
}
