package dev.ermine.app.command;

import dev.ermine.fhir.BodyScanner;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.PeerBody;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Files of FHIR JSON, each a resource or a searchset, read as a peer's answer would be. */
final class FhirFiles {

  private FhirFiles() {}

  /** All their entries, unless one of the files is something else; which is then told. */
  static Optional<List<Entry>> entries(List<Path> files, PrintWriter err) throws IOException {
    List<Entry> entries = new ArrayList<>();
    boolean good = true;
    for (Path file : files) {
      byte[] body = Files.readAllBytes(file);
      switch (BodyScanner.scan(body, body.length)) {
        case PeerBody.Searchset searchset -> entries.addAll(searchset.entries());
        case PeerBody.Resource(Entry entry) -> entries.add(entry);
        case PeerBody.Outcome _ -> good = refused(file, "an OperationOutcome is no entry", err);
        case PeerBody.Unreadable(String why) -> good = refused(file, why, err);
      }
    }
    return good ? Optional.of(entries) : Optional.empty();
  }

  private static boolean refused(Path file, String why, PrintWriter err) {
    err.println("`" + file + "` is no FHIR R4 resource or searchset in JSON: " + why);
    return false;
  }
}
