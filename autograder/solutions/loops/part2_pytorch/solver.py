import torch


class Solver:
    def _compute_loss_update_params(self, data, target):
        self.optimizer.zero_grad()
        if self.model.training:
            output = self.model(data.to(self.device))
            loss = self.criterion(output, target.to(self.device))
            loss.backward()
            self.optimizer.step()
            return output.detach(), loss.detach()
        with torch.inference_mode():
            output = self.model(data)
            return output, self.criterion(output, target)
