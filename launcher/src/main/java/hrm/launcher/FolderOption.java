package hrm.launcher;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which kept stack. */
final class FolderOption {
    @Option(
            names = "--dir",
            paramLabel = "FOLDER",
            defaultValue = "${env:HRM_DIR}",
            description =
                    "Where the stack's data, logs and checkpoints are. Default: HRM_DIR, else .hrm"
                            + " in the project")
    private Path dir;

    StackFolder folder() {
        return dir == null
                ? StackFolder.usual()
                : new StackFolder(dir.toAbsolutePath().normalize());
    }

    /**
     * @throws Failure when nothing is up
     */
    StackFolder.Running running() {
        var folder = folder();
        return folder.running()
                .orElseThrow(
                        () ->
                                new Failure(
                                        "Nothing is up in "
                                                + folder.path()
                                                + ". hrm up starts it."));
    }
}
