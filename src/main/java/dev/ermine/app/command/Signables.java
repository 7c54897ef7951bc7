package dev.ermine.app.command;

import dev.ermine.region.SignableFile;
import dev.ermine.region.SignableFile.Reading;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;

/** Reads files that officers sign. */
final class Signables {

  private Signables() {}

  /** The file, unless it has faults; those are then told. */
  static Optional<SignableFile> read(
      Path file, boolean suspensions, Path regions, Path certs, PrintWriter err) {
    return suspensions
        ? Versions.read(regions, certs, err)
            .flatMap(over -> sound(file, SignableFile.suspensions(file, over), err))
        : sound(file, SignableFile.regions(file, certs), err);
  }

  private static Optional<SignableFile> sound(Path file, Reading reading, PrintWriter err) {
    return switch (reading) {
      case Reading.Sound(SignableFile sound) -> Optional.of(sound);
      case Reading.Faulty faulty -> {
        faulty.faults().forEach(fault -> err.println(Versions.told(file, fault)));
        yield Optional.empty();
      }
    };
  }
}
