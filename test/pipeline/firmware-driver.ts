/**
 * A driver that loads firmware as network drivers do, without a card: a device of its own, and at its
 * probe, when the kernel starts its drivers, request_firmware().
 */
export const firmwareDriver: Readonly<Record<string, string>> = {
  Kbuild: 'obj-m := fwprobe.o\n',
  'fwprobe.c': `#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#define BLOB "fwprobe/first.bin"

static int __init fwprobe_init(void)
{
	const struct firmware *blob;
	struct platform_device *device;
	int status;

	device = platform_device_register_simple("fwprobe", -1, NULL, 0);
	if (IS_ERR(device))
		return PTR_ERR(device);
	status = request_firmware(&blob, BLOB, &device->dev);
	if (status) {
		pr_info("fwprobe: %s is not to be had: %d\\n", BLOB, status);
		return 0;
	}
	pr_info("fwprobe: %zu bytes: %.*s\\n", blob->size, 16, blob->data);
	release_firmware(blob);
	return 0;
}

module_init(fwprobe_init);
MODULE_DESCRIPTION("Loads firmware when the kernel starts its drivers");
MODULE_FIRMWARE(BLOB);
MODULE_LICENSE("GPL");
`,
};
